package dev.fresco.engine.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.KeptPart;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.Recording;
import dev.fresco.engine.recording.RecordingSink;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FakeEditTest {
  private static final int STEPS = 6;
  private static final PictureSettings SETTINGS = new PictureSettings(64, 64, STEPS, 5, "ddim", 42);

  private final FakeModel model = new FakeModel("fake");

  /** A recording in memory. */
  private static final class Kept implements RecordingSink, Recording {
    private final Map<String, RecordedTensor> tensors = new HashMap<>();

    @Override
    public void put(int step, RecordedTensor tensor) {
      ByteBuffer copy = ByteBuffer.allocate(tensor.data().remaining());
      copy.put(tensor.data().duplicate()).flip();
      tensors.put(
          step + " " + tensor.name(),
          new RecordedTensor(tensor.name(), tensor.type(), tensor.shape(), copy));
    }

    @Override
    public int steps() {
      return STEPS;
    }

    @Override
    public List<String> names() {
      return List.of(FakeMember.RECORDED);
    }

    @Override
    public RecordedTensor tensor(int step, String name) {
      return tensors.get(step + " " + name);
    }
  }

  private StartLatents template(double strength) {
    byte[] rgb = new byte[64 * 64 * 3];
    new Random(3).nextBytes(rgb);
    return model.encodePicture(new Picture(64, 64, rgb), strength);
  }

  private static HostTensor mask(int rows) {
    float[] mask = new float[64];
    Arrays.fill(mask, 0, 8 * rows, 1);
    return HostTensor.of(mask, 8, 8);
  }

  private float[] run(StartLatents start, RecordingSink sink) {
    Conditioning words = model.encode(Prompt.of("a fox", ""));
    try (DenoisingBatch<String> batch = model.newBatch()) {
      batch.join("m", new PictureRequest(SETTINGS, words, start, sink, List.of(), List.of()));
      while (batch.stepsDone("m") < batch.stepsTotal("m")) {
        batch.step(List.of("m"));
      }
      return batch.latents("m").data();
    }
  }

  @Test
  void whatStaysIsTheTemplateInTheEnd() {
    StartLatents start = template(1);
    float[] edited = run(start.keeping(new KeptPart(mask(3), 7, null)), null);
    for (int i = 0; i < edited.length; i++) {
      if (i % 64 < 24) {
        assertThat(edited[i]).isNotEqualTo(start.mean().data()[i]);
      } else {
        assertThat(edited[i]).isEqualTo(start.mean().data()[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 0.5})
  void anEditWithARecordingIsTheEditWithout(double strength) {
    Kept recording = new Kept();
    run(template(1).keeping(new KeptPart(mask(0), 7, null)), recording);
    assertThat(recording.tensors).hasSize(STEPS);
    assertThat(recording.tensor(0, FakeMember.RECORDED).shape()).containsExactly(2, 3, 8, 8);
    StartLatents start = template(strength);
    assertThat(run(start.keeping(new KeptPart(mask(3), 7, recording)), null))
        .isEqualTo(run(start.keeping(new KeptPart(mask(3), 7, null)), null));
    recording.tensors.remove((STEPS - 1) + " " + FakeMember.RECORDED);
    assertThatThrownBy(() -> run(start.keeping(new KeptPart(mask(3), 7, recording)), null))
        .as("the recording is read")
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void aSinkThatFailsIsLetGoOf() {
    StartLatents start = template(1).keeping(new KeptPart(mask(0), 7, null));
    RecordingSink failing =
        (step, tensor) -> {
          throw new EngineException("the disk is full");
        };
    assertThat(run(start, failing)).isEqualTo(start.mean().data());
  }
}
