package dev.fresco.engine.parity;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.noise.TorchNoise;
import java.math.BigInteger;
import java.util.List;

/** {@code noise}: the normal numbers of a seed, in tensors named {@code SEED/SHAPE}. */
public final class NoiseParity implements ParityCheck {
  /** Rounding of the last bit, where the reference's processor took another cosine. */
  private static final double LIMIT = 1e-6;

  @Override
  public boolean reads(GoldenFile golden) {
    return golden.name().equals("noise.safetensors");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    try (GoldenTensors tensors = new GoldenTensors(golden, LIMIT)) {
      for (String name : tensors.names()) {
        long[] shape = tensors.shape(name);
        tensors.compare(name, TorchNoise.standardNormal(seed(golden, name), shape).data());
      }
      return tensors.rows();
    }
  }

  private static long seed(GoldenFile golden, String name) {
    try {
      return new BigInteger(name.split("/", 2)[0]).longValue();
    } catch (NumberFormatException e) {
      throw new EngineException(
          "%s: tensor %s is not named SEED/SHAPE".formatted(golden.path(), name), e);
    }
  }
}
