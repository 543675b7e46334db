package dev.fresco.engine.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.noise.TorchNoise;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Weights to start with. Each is drawn from the seed and its own name in the model, so a stage
 * draws what the whole model would. Matrices are normal with deviation 0.02, those that end a
 * residual branch divided by the root of the number of branches (Radford et al. 2019, section 2.3);
 * norms start at one, biases at zero.
 */
final class InitialWeights {
  private static final double DEVIATION = 0.02;

  private InitialWeights() {}

  /**
   * @param seed any value
   * @param name in the whole model
   * @param sizes outermost first
   * @param layers blocks of the whole model
   */
  static HostTensor draw(long seed, String name, long[] sizes, int layers) {
    if (sizes.length == 1) {
      float[] same = new float[(int) sizes[0]];
      Arrays.fill(same, name.endsWith(".weight") ? 1 : 0);
      return HostTensor.of(same, sizes);
    }
    CRC32 own = new CRC32();
    own.update((seed + " " + name).getBytes(UTF_8));
    HostTensor noise = TorchNoise.standardNormal(own.getValue(), sizes);
    boolean endsBranch = name.endsWith(".out.weight") || name.endsWith(".down.weight");
    float deviation = (float) (endsBranch ? DEVIATION / Math.sqrt(2.0 * layers) : DEVIATION);
    for (int i = 0; i < noise.data().length; i++) {
      noise.data()[i] *= deviation;
    }
    return noise;
  }
}
