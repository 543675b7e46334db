package dev.fresco.engine.noise;

import dev.fresco.engine.HostTensor;
import java.util.Arrays;

/**
 * The normal numbers that {@code torch.randn(shape, generator=torch.Generator().manual_seed(seed))}
 * gives on a CPU, so that a seed means the same picture here and there. Torch has two ways: from 16
 * numbers on it draws uniform ones in fp32 and turns blocks of 16 into normal ones; under 16 it
 * makes them one pair at a time in fp64. Both are Box and Muller's transform (1958). Agrees bit for
 * bit with torch on processors that have AVX2.
 */
public final class TorchNoise {
  private static final int BLOCK = 16;
  private static final int HALF = BLOCK / 2;

  private TorchNoise() {}

  /**
   * Standard normal numbers.
   *
   * @param seed any value; the low 32 bits count, as in torch
   * @param shape sizes, outermost first
   */
  public static HostTensor standardNormal(long seed, long... shape) {
    int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    MersenneTwister random = new MersenneTwister(seed);
    float[] values = new float[count];
    if (count < BLOCK) {
      fillPairwise(values, random);
    } else {
      fillBlockwise(values, random);
    }
    return HostTensor.of(values, shape);
  }

  private static void fillBlockwise(float[] values, MersenneTwister random) {
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

  private static void fillPairwise(float[] values, MersenneTwister random) {
    for (int i = 0; i < values.length; i += 2) {
      double angle = 2 * Math.PI * random.nextDouble();
      double radius = Math.sqrt(-2 * Math.log1p(-random.nextDouble()));
      values[i] = (float) (radius * Math.cos(angle));
      if (i + 1 < values.length) {
        values[i + 1] = (float) (radius * Math.sin(angle));
      }
    }
  }
}
