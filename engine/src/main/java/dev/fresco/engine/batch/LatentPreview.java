package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.vae.Autoencoder;

/**
 * Latents as a picture of one pixel per place, without the decoder.
 *
 * <p>Goal: a preview that costs nothing beside a step.
 *
 * <p>Algorithm: the decoder is approximated by one linear map from a place's channels to the mean
 * colour of the pixels above it. The map is the least-squares fit over places of random latents
 * that the decoder decoded once.
 *
 * @param weights {@code [3][channels + 1]}, the constant last; colours are about -1..1
 */
record LatentPreview(double[][] weights) {
  private static final int SIDE = 24;
  private static final int PATCH = 4;
  private static final long SEED = 0;

  /** Fits the map to an autoencoder. */
  static LatentPreview fit(NDManager manager, Autoencoder autoencoder) {
    int channels = autoencoder.latentChannels();
    float[] latents = patches(channels);
    try (NDManager scope = manager.newSubManager()) {
      NDArray network = scope.create(latents, new Shape(1, channels, SIDE, SIDE));
      NDArray decoded =
          autoencoder.decode(
              scope, network.div(autoencoder.scalingFactor()).add(autoencoder.shiftFactor()));
      float[] colours = decoded.toFloatArray(); // [3, SIDE * factor, SIDE * factor]
      return new LatentPreview(fit(latents, colours, channels, autoencoder.factor()));
    }
  }

  /**
   * Noise that is constant over small squares, since that is nearer to pictures than white noise.
   */
  private static float[] patches(int channels) {
    int side = SIDE / PATCH;
    float[] noise = TorchNoise.standardNormal(SEED, channels, side, side).data();
    float[] latents = new float[channels * SIDE * SIDE];
    for (int i = 0; i < latents.length; i++) {
      int channel = i / (SIDE * SIDE);
      int row = i / SIDE % SIDE / PATCH;
      latents[i] = noise[(channel * side + row) * side + i % SIDE / PATCH];
    }
    return latents;
  }

  /** Least squares through the normal equations. */
  private static double[][] fit(float[] latents, float[] colours, int channels, int factor) {
    int unknowns = channels + 1;
    double[][] equations = new double[unknowns][unknowns + 3];
    double[] known = new double[unknowns];
    known[channels] = 1;
    for (int place = 0; place < SIDE * SIDE; place++) {
      for (int channel = 0; channel < channels; channel++) {
        known[channel] = latents[channel * SIDE * SIDE + place];
      }
      for (int row = 0; row < unknowns; row++) {
        for (int column = 0; column < unknowns; column++) {
          equations[row][column] += known[row] * known[column];
        }
        for (int colour = 0; colour < 3; colour++) {
          equations[row][unknowns + colour] += known[row] * mean(colours, colour, place, factor);
        }
      }
    }
    return solve(equations, unknowns);
  }

  /** Mean colour of the pixels above a place. */
  private static double mean(float[] colours, int colour, int place, int factor) {
    int width = SIDE * factor;
    int top = place / SIDE * factor;
    int left = place % SIDE * factor;
    double sum = 0;
    for (int y = top; y < top + factor; y++) {
      for (int x = left; x < left + factor; x++) {
        sum += colours[(colour * width + y) * width + x];
      }
    }
    return sum / (factor * factor);
  }

  /** Gauss-Jordan elimination; the matrix is positive definite, so no pivoting is needed. */
  private static double[][] solve(double[][] equations, int unknowns) {
    for (int pivot = 0; pivot < unknowns; pivot++) {
      double scale = equations[pivot][pivot];
      for (int column = 0; column < unknowns + 3; column++) {
        equations[pivot][column] /= scale;
      }
      for (int row = 0; row < unknowns; row++) {
        double share = row == pivot ? 0 : equations[row][pivot];
        for (int column = 0; column < unknowns + 3; column++) {
          equations[row][column] -= share * equations[pivot][column];
        }
      }
    }
    double[][] solution = new double[3][unknowns];
    for (int colour = 0; colour < 3; colour++) {
      for (int row = 0; row < unknowns; row++) {
        solution[colour][row] = equations[row][unknowns + colour];
      }
    }
    return solution;
  }

  /**
   * @param latents {@code [channels, height, width]}
   */
  Picture paint(HostTensor latents) {
    int channels = (int) latents.shape()[0];
    int height = (int) latents.shape()[1];
    int width = (int) latents.shape()[2];
    byte[] rgb = new byte[height * width * 3];
    for (int place = 0; place < height * width; place++) {
      for (int colour = 0; colour < 3; colour++) {
        double value = weights[colour][channels];
        for (int channel = 0; channel < channels; channel++) {
          value += weights[colour][channel] * latents.data()[channel * height * width + place];
        }
        rgb[place * 3 + colour] =
            (byte) Math.round(255 * Math.min(1, Math.max(0, value / 2 + 0.5)));
      }
    }
    return new Picture(width, height, rgb);
  }
}
