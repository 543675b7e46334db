package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.NotFiniteException;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.noise.TorchNoise;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelBatchTest {
  private static final double LIMIT = 1e-4;
  private static LocalModel model;
  private static Conditioning cat;
  private static Conditioning dog;
  private ModelBatch<String> batch;

  @BeforeAll
  static void load() {
    model =
        LocalModel.load(Path.of("fixtures/sd21-tiny"), new ModelSettings("cpu", "fp32", 150, 1024));
    cat = model.encode(Prompt.of("a cat", ""));
    dog = model.encode(Prompt.of("a red apple, and a dog", "a cat"));
  }

  @AfterAll
  static void unload() {
    model.close();
  }

  @BeforeEach
  void open() {
    batch = model.newBatch();
  }

  @AfterEach
  void close() {
    batch.close();
  }

  /** Sizes, guidance, samplers and steps of all kinds. */
  private static PictureSettings settings(int index) {
    int multiple = model.card().sizeMultiple();
    return new PictureSettings(
        multiple * (4 + index % 3),
        multiple * 4,
        3 + index,
        List.of(1.0, 5.0, 7.5).get(index % 3),
        List.of("ddim", "unipc", "euler-ancestral", "dpmpp-2m-sde", "lcm", "dpmpp-2m-karras")
            .get(index),
        index);
  }

  private HostTensor alone(int index) {
    try (ModelBatch<String> solo = model.newBatch()) {
      PictureSettings settings = settings(index);
      solo.join("solo", PictureRequest.of(settings, index % 2 == 0 ? cat : dog));
      for (int step = 0; step < settings.steps(); step++) {
        solo.step(List.of("solo"));
      }
      return solo.latents("solo");
    }
  }

  /** Relative Frobenius distance. */
  private static double distance(HostTensor a, HostTensor b) {
    assertThat(a.shape()).isEqualTo(b.shape());
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < a.data().length; i++) {
      difference += Math.pow(a.data()[i] - b.data()[i], 2);
      norm += Math.pow(b.data()[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  @Test
  void membersThatJoinAndLeaveAtEveryStepGetWhatTheyGetAlone() {
    List<String> running = new ArrayList<>();
    int joined = 0;
    int finished = 0;
    while (finished < 6) {
      if (joined < 6) {
        batch.join("m" + joined, PictureRequest.of(settings(joined), joined % 2 == 0 ? cat : dog));
        running.add("m" + joined++);
      }
      batch.step(running);
      for (String member : List.copyOf(running)) {
        int index = Integer.parseInt(member.substring(1));
        if (batch.stepsDone(member) == settings(index).steps()) {
          assertThat(distance(batch.latents(member), alone(index)))
              .as("member %d", index)
              .isLessThan(LIMIT);
          batch.leave(member);
          running.remove(member);
          finished++;
        }
      }
    }
  }

  /** The survivor draws noise at every step; a failed step must not use any of it up. */
  @Test
  void aStepThatFailsMovesNobody() {
    PictureSettings good = settings(2);
    batch.join("good", PictureRequest.of(good, cat));
    PictureSettings wild = new PictureSettings(good.width(), good.height(), 4, 1e39, "ddim", 1);
    batch.join("wild", PictureRequest.of(wild, dog));
    HostTensor before = batch.latents("good");
    assertThatThrownBy(() -> batch.step(List.of("good", "wild")))
        .isInstanceOf(NotFiniteException.class)
        .hasMessageContaining("guidanceScale 1.0E39");
    assertThat(batch.stepsDone("good")).isZero();
    assertThat(batch.latents("good").data()).isEqualTo(before.data());
    while (batch.stepsDone("good") < batch.stepsTotal("good")) {
      batch.step(List.of("good"));
    }
    assertThat(distance(batch.latents("good"), alone(2))).isLessThan(LIMIT);
  }

  @Test
  void aPictureToStartFromTakesTheStepsOfItsStrength() {
    PictureSettings settings = settings(0);
    HostTensor latents = joined("plain", PictureRequest.of(settings, cat));
    HostTensor start = TorchNoise.standardNormal(9, latents.shape());
    joined("start", from(settings, new StartLatents(start, null, 0.7)));
    assertThat(batch.stepsTotal("plain")).isEqualTo(3);
    assertThat(batch.stepsTotal("start")).isEqualTo(2);

    PictureRequest weak = from(settings, new StartLatents(start, null, 0.1));
    assertThatThrownBy(() -> batch.join("m", weak))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("strength is 0.1 with 3 steps: no step is left");
    HostTensor small = TorchNoise.standardNormal(9, 4, 2, 2);
    PictureRequest wrong = from(settings, new StartLatents(small, small, 0.7));
    assertThatThrownBy(() -> batch.join("m", wrong))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("the picture to start from has latents of [4, 2, 2]");
    batch.step(List.of("plain", "start"));
  }

  private HostTensor joined(String member, PictureRequest request) {
    batch.join(member, request);
    return batch.latents(member);
  }

  private static PictureRequest from(PictureSettings settings, StartLatents start) {
    return new PictureRequest(settings, cat, start, List.of(), List.of());
  }

  @Test
  void whatDoesNotFitIsRefusedAndTheBatchIsAsBefore() {
    PictureSettings wrong = new PictureSettings(64, 64, 4, 5, "unknown", 1);
    assertThatThrownBy(() -> batch.join("m", PictureRequest.of(wrong, cat)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("sampler is unknown");
    batch.join("m", PictureRequest.of(settings(0), cat));
    assertThatThrownBy(() -> batch.join("m", PictureRequest.of(settings(0), cat)))
        .hasMessageContaining("m is in the batch already");
    assertThatThrownBy(() -> batch.step(List.of("nobody"))).hasMessageContaining("nobody");
    batch.leave("nobody");
  }

  @Test
  void aPreviewResemblesThePicture() {
    batch.join("m", PictureRequest.of(settings(0), cat));
    for (int step = 0; step < settings(0).steps(); step++) {
      batch.step(List.of("m"));
    }
    Picture picture = model.decode(batch.latents("m"));
    Picture preview = model.preview(batch.latents("m"));
    int factor = picture.width() / preview.width();
    assertThat(preview.height() * factor).isEqualTo(picture.height());
    double[] means = means(picture, factor, preview.width(), preview.height());
    double error = 0;
    double spread = 0;
    double mean = Arrays.stream(means).average().orElseThrow();
    for (int i = 0; i < means.length; i++) {
      error += Math.pow(means[i] - (preview.rgb()[i] & 0xff), 2);
      spread += Math.pow(means[i] - mean, 2);
    }
    assertThat(error).as("unexplained part of the picture").isLessThan(spread);
  }

  /** The picture in the preview's resolution. */
  private static double[] means(Picture picture, int factor, int width, int height) {
    double[] means = new double[width * height * 3];
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        for (int colour = 0; colour < 3; colour++) {
          int value = picture.rgb()[(y * picture.width() + x) * 3 + colour] & 0xff;
          means[(y / factor * width + x / factor) * 3 + colour] +=
              (double) value / (factor * factor);
        }
      }
    }
    return means;
  }

  @Test
  void aDamagedCheckpointIsRefusedWithWhatIsWrong() {
    assertThatThrownBy(
            () ->
                LocalModel.load(
                    Path.of("fixtures/autoencoder-tiny"),
                    new ModelSettings("cpu", "fp32", 150, 1024)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("model_index.json");
    assertThatThrownBy(
            () ->
                LocalModel.load(
                    Path.of("fixtures/sd21-tiny"), new ModelSettings("tpu", "fp32", 150, 1024)))
        .hasMessageContaining("device 'tpu'");
  }
}
