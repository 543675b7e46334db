package dev.fresco.trainer.data;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.checkpoint.SafetensorsFile;
import dev.fresco.engine.checkpoint.StoredTensor;
import dev.fresco.engine.checkpoint.StoredType;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.training.DiffusionTransformerShape;
import dev.fresco.engine.training.Microbatch;
import dev.fresco.engine.training.NoisyLatents;
import dev.fresco.trainer.spec.DataSpec;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Random pictures with random noise at random times, uniform from 0 to 1. */
final class LatentData implements TrainingData {
  private static final String LATENTS = "latents";
  private static final String LABELS = "labels";

  private final DataSpec.Latents spec;
  private final long seed;

  /** Of one picture: {@code [channels, height, width]}. */
  private final long[] shape;

  private final float[] latents;
  private final int[] labels;

  private LatentData(
      DataSpec.Latents spec, long seed, long[] shape, float[] latents, int[] labels) {
    this.spec = spec;
    this.seed = seed;
    this.shape = shape;
    this.latents = latents;
    this.labels = labels;
  }

  static LatentData read(DataSpec.Latents spec, long seed, DiffusionTransformerShape model) {
    try (SafetensorsFile file = SafetensorsFile.open(Path.of(spec.file()))) {
      StoredTensor stored = file.tensor(LATENTS);
      DiffusionTransformerShape.Latents each = model.latents();
      long[] shape = {each.channels(), each.height(), each.width()};
      long[] found = stored.shape();
      if (found.length != 4
          || found[0] < 1
          || !Arrays.equals(shape, Arrays.copyOfRange(found, 1, 4))) {
        throw new IllegalArgumentException(
            "%s is %s; the model needs [pictures, %d, %d, %d]"
                .formatted(file.place(stored), stored.describe(), shape[0], shape[1], shape[2]));
      }
      int[] labels = labels(file, (int) found[0], model.labels());
      return new LatentData(spec, seed, shape, file.floats(LATENTS), labels);
    }
  }

  private static int[] labels(SafetensorsFile file, int pictures, int most) {
    int[] labels = new int[pictures];
    StoredTensor stored = file.tensors().get(LABELS);
    if (stored == null) {
      return labels;
    }
    boolean wide = stored.type() == StoredType.I64;
    if ((!wide && stored.type() != StoredType.I32)
        || !Arrays.equals(stored.shape(), new long[] {pictures})) {
      throw new IllegalArgumentException(
          "%s is %s; I64[%d] or I32[%d] is needed"
              .formatted(file.place(stored), stored.describe(), pictures, pictures));
    }
    ByteBuffer bytes = file.map(stored);
    for (int i = 0; i < pictures; i++) {
      long label = wide ? bytes.getLong(i * Long.BYTES) : bytes.getInt(i * Integer.BYTES);
      if (label < 0 || label >= most) {
        throw new IllegalArgumentException(
            "%s: label %d of picture %d is none of the model's %d"
                .formatted(file.place(stored), label, i, most));
      }
      labels[i] = (int) label;
    }
    return labels;
  }

  @Override
  public Microbatch microbatch(long iteration, int replica, int number) {
    long own = MicrobatchSeed.of(seed, iteration, replica, number);
    SplittableRandom random = new SplittableRandom(own);
    int rows = spec.rows();
    int size = latents.length / labels.length;
    float[] clean = new float[rows * size];
    float[] times = new float[rows];
    int[] labelsOfRows = new int[rows];
    for (int row = 0; row < rows; row++) {
      int picture = random.nextInt(labels.length);
      System.arraycopy(latents, picture * size, clean, row * size, size);
      labelsOfRows[row] = labels[picture];
      times[row] = (float) random.nextDouble();
    }
    long[] batch = {rows, shape[0], shape[1], shape[2]};
    HostTensor noise = TorchNoise.standardNormal(random.nextLong(), batch);
    return new Microbatch(
        number,
        NoisyLatents.of(spec.target(), HostTensor.of(clean, batch), noise, times, labelsOfRows));
  }
}
