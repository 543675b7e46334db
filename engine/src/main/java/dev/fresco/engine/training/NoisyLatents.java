package dev.fresco.engine.training;

import dev.fresco.engine.HostTensor;
import java.util.Arrays;

/**
 * Pictures for a diffusion transformer.
 *
 * @param latents what the model sees, {@code [rows, channels, height, width]}
 * @param times of each row, 0 (clean) to 1 (noise)
 * @param labels of each row, from 0 to below the model's number of labels
 * @param target what it should say, like the latents
 */
public record NoisyLatents(HostTensor latents, float[] times, int[] labels, HostTensor target)
    implements Examples {
  public NoisyLatents {
    long[] shape = latents.shape();
    if (shape.length != 4 || !Arrays.equals(shape, target.shape())) {
      throw new IllegalArgumentException(
          "latents of %s have targets of %s; both must be rows x channels x height x width"
              .formatted(Arrays.toString(shape), Arrays.toString(target.shape())));
    }
    if (times.length != shape[0] || labels.length != shape[0]) {
      throw new IllegalArgumentException(
          "%d rows of latents have %d times and %d labels"
              .formatted(shape[0], times.length, labels.length));
    }
    for (float time : times) {
      if (!(time >= 0 && time <= 1)) {
        throw new IllegalArgumentException("time is %s; it must be 0 to 1".formatted(time));
      }
    }
  }

  /**
   * Mixes clean latents with noise.
   *
   * @param clean {@code [rows, channels, height, width]}
   * @param noise standard normal, like the latents
   * @param times of each row, 0 to 1
   */
  public static NoisyLatents of(
      DiffusionTarget kind, HostTensor clean, HostTensor noise, float[] times, int[] labels) {
    if (!Arrays.equals(clean.shape(), noise.shape())) {
      throw new IllegalArgumentException(
          "latents of %s have noise of %s"
              .formatted(Arrays.toString(clean.shape()), Arrays.toString(noise.shape())));
    }
    float[] mixed = new float[clean.data().length];
    float[] target = new float[mixed.length];
    int each = mixed.length / Math.max(1, times.length);
    for (int row = 0; row < times.length; row++) {
      DiffusionTarget.Mixture shares = kind.at(times[row]);
      for (int i = row * each; i < (row + 1) * each; i++) {
        float c = clean.data()[i];
        float n = noise.data()[i];
        mixed[i] = (float) (shares.clean() * c + shares.noise() * n);
        target[i] = (float) (shares.cleanInTarget() * c + shares.noiseInTarget() * n);
      }
    }
    return new NoisyLatents(
        HostTensor.of(mixed, clean.shape()), times, labels, HostTensor.of(target, clean.shape()));
  }

  @Override
  public int rows() {
    return times.length;
  }

  @Override
  public int places(ModelShape shape) {
    if (!(shape instanceof DiffusionTransformerShape model)) {
      throw new IllegalArgumentException("latents came for " + shape);
    }
    DiffusionTransformerShape.Latents wanted = model.latents();
    long[] size = {rows(), wanted.channels(), wanted.height(), wanted.width()};
    if (!Arrays.equals(size, latents.shape())) {
      throw new IllegalArgumentException(
          "latents of %s came; the model has %s"
              .formatted(Arrays.toString(latents.shape()), Arrays.toString(size)));
    }
    for (int label : labels) {
      if (label < 0 || label >= model.labels()) {
        throw new IllegalArgumentException(
            "label %d is none of %d".formatted(label, model.labels()));
      }
    }
    return DiffusionTransformerShape.CONDITIONS + wanted.patches();
  }
}
