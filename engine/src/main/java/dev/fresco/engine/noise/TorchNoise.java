package dev.fresco.engine.noise;

import dev.fresco.engine.HostTensor;
import java.util.Arrays;

/**
 * The normal numbers that {@code torch.randn(shape, generator=generator)} gives on a CPU, draw
 * after draw, so that a seed means the same picture here and there. Torch has two ways: from 16
 * numbers on it draws uniform ones in fp32 and turns blocks of 16 into normal ones; under 16 it
 * makes them one pair at a time in fp64, and an odd one stays over for the next such draw. Both are
 * Box and Muller's transform (1958). Agrees bit for bit with torch on processors that have AVX2.
 * Not thread-safe.
 */
public final class TorchNoise {
  private static final int BLOCK = 16;
  private static final int HALF = BLOCK / 2;

  private final MersenneTwister random;

  /** The second number of a pair whose first was the last one drawn; else not a number. */
  private double leftOver = Double.NaN;

  /**
   * As {@code torch.Generator().manual_seed(seed)}.
   *
   * @param seed any value; the low 32 bits count, as in torch
   */
  public TorchNoise(long seed) {
    random = new MersenneTwister(seed);
  }

  /** The first draw of a seed. */
  public static HostTensor standardNormal(long seed, long... shape) {
    return new TorchNoise(seed).draw(shape);
  }

  /**
   * The next standard normal numbers.
   *
   * @param shape sizes, outermost first
   */
  public HostTensor draw(long... shape) {
    int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    float[] values = new float[count];
    if (count < BLOCK) {
      fillPairwise(values);
    } else {
      fillBlockwise(values);
    }
    return HostTensor.of(values, shape);
  }

  private void fillBlockwise(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    for (int start = 0; start + BLOCK <= values.length; start += BLOCK) {
      toNormal(values, start);
    }
    if (values.length % BLOCK != 0) {
      // An incomplete last block is replaced, with its neighbours, by 16 numbers drawn anew.
      int start = values.length - BLOCK;
      for (int i = start; i < values.length; i++) {
        values[i] = random.nextFloat();
      }
      toNormal(values, start);
    }
  }

  private static void toNormal(float[] values, int start) {
    for (int i = start; i < start + HALF; i++) {
      float radius = (float) Math.sqrt(-2f * Cephes.log(1 - values[i]));
      float angle = (float) (2 * Math.PI) * values[i + HALF];
      values[i] = radius * Cephes.cos(angle);
      values[i + HALF] = radius * Cephes.sin(angle);
    }
  }

  private void fillPairwise(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) nextOfPair();
    }
  }

  private double nextOfPair() {
    if (!Double.isNaN(leftOver)) {
      double second = leftOver;
      leftOver = Double.NaN;
      return second;
    }
    double angle = 2 * Math.PI * random.nextDouble();
    double radius = Math.sqrt(-2 * Math.log1p(-random.nextDouble()));
    leftOver = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}
