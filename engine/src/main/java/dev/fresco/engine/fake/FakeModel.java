package dev.fresco.engine.fake;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.worker.ModelAbilities;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.ControlNet;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.TextStates;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A model of plain arithmetic, without natives, for tests of everything else. It is deterministic,
 * its pictures depend on every setting, and a batch gives what each member would get alone.
 */
public final class FakeModel implements DiffusionModel {
  /** A prompt with this word makes the second step of its picture throw. */
  public static final String POISON = "poison";

  static final int CHANNELS = 3;
  static final int FACTOR = 8;
  private static final int EMBEDDING = 16;

  private final ModelCard card;

  public FakeModel(String id) {
    this.card =
        new ModelCard(
            id,
            "fake",
            "fake-1",
            FACTOR,
            FACTOR,
            512,
            64,
            64,
            77,
            List.of("ddim", "euler"),
            "ddim",
            10,
            150,
            5.0,
            30.0,
            new ModelAbilities(
                List.of(JobKind.values()),
                ModelAbilities.Guidance.CLASSIFIER_FREE,
                true,
                true,
                1,
                true,
                true));
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public Conditioning encode(Prompt prompt, List<AdapterUse> adapters) {
    boolean poisoned = prompt.text().contains(POISON);
    return new Conditioning(embed(prompt.text(), poisoned), embed(prompt.negative(), false), false);
  }

  /** Poison travels as a value that no honest embedding has. */
  private static TextStates embed(String text, boolean poisoned) {
    SplittableRandom random = new SplittableRandom(text.hashCode());
    float[] values = new float[EMBEDDING];
    for (int i = 0; i < EMBEDDING; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    if (poisoned) {
      values[0] = FakeBatch.POISONED;
    }
    return new TextStates(HostTensor.of(values, 1, EMBEDDING), null);
  }

  @Override
  public StartLatents encodePicture(Picture picture, double strength) {
    int height = picture.height() / FACTOR;
    int width = picture.width() / FACTOR;
    float[] mean = new float[CHANNELS * height * width];
    for (int i = 0; i < mean.length; i++) {
      int place = i % (height * width);
      int pixel = place / width * FACTOR * picture.width() + place % width * FACTOR;
      int colour = Byte.toUnsignedInt(picture.rgb()[pixel * CHANNELS + i / (height * width)]);
      mean[i] = colour / 127.5f - 1;
    }
    return new StartLatents(HostTensor.of(mean, CHANNELS, height, width), null, strength);
  }

  @Override
  public Adapter loadAdapter(Path file) {
    return new FakeAdapter(file.toString());
  }

  record FakeAdapter(String name) implements Adapter {
    @Override
    public void close() {
      // Nothing native to free.
    }
  }

  @Override
  public ControlNet loadControlNet(Path folder) {
    return new FakeControlNet(folder.toString());
  }

  record FakeControlNet(String name) implements ControlNet {
    @Override
    public void close() {
      // Nothing native to free.
    }
  }

  @Override
  public <K> DenoisingBatch<K> newBatch() {
    return new FakeBatch<>();
  }

  @Override
  public Picture decode(HostTensor latents) {
    return paint(latents, FACTOR);
  }

  @Override
  public Picture preview(HostTensor latents) {
    return paint(latents, 1);
  }

  private static Picture paint(HostTensor latents, int scale) {
    int height = (int) latents.shape()[1];
    int width = (int) latents.shape()[2];
    byte[] rgb = new byte[height * scale * width * scale * CHANNELS];
    int at = 0;
    for (int y = 0; y < height * scale; y++) {
      for (int x = 0; x < width * scale; x++) {
        for (int channel = 0; channel < CHANNELS; channel++) {
          int place = (channel * height + y / scale) * width + x / scale;
          rgb[at++] = (byte) Math.round(127.5 + 127.5 * Math.tanh(latents.data()[place]));
        }
      }
    }
    return new Picture(width * scale, height * scale, rgb);
  }

  @Override
  public void close() {
    // Nothing native to free.
  }
}
