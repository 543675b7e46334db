package dev.fresco.engine.parity;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.noise.TorchNoise;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code noise}, or any name that begins with {@code noise}: the normal numbers of a seed, in
 * tensors named {@code SEED/SHAPE}, or {@code SEED/DRAW/SHAPE} where draws follow each other from
 * one generator, counted from 0.
 */
public final class NoiseParity implements ParityCheck {
  /** Rounding of the last bit, where the reference's processor took another cosine. */
  private static final double LIMIT = 1e-6;

  @Override
  public boolean reads(GoldenFile golden) {
    return golden.part().isEmpty()
        && golden.family().startsWith("noise")
        && golden.name().endsWith(".safetensors");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    Map<String, Map<Integer, String>> streams = new TreeMap<>();
    try (GoldenTensors tensors = new GoldenTensors(golden, LIMIT)) {
      for (String name : tensors.names()) {
        String[] parts = name.split("/");
        boolean alone = parts.length == 2;
        int draw = alone ? 0 : number(golden, name, parts[1]).intValue();
        streams.computeIfAbsent(alone ? name : parts[0], stream -> new TreeMap<>()).put(draw, name);
      }
      for (Map<Integer, String> stream : streams.values()) {
        compare(golden, tensors, stream);
      }
      return tensors.rows();
    }
  }

  private static void compare(
      GoldenFile golden, GoldenTensors tensors, Map<Integer, String> stream) {
    String first = stream.values().iterator().next();
    TorchNoise noise = new TorchNoise(number(golden, first, first.split("/")[0]).longValue());
    for (String name : stream.values()) {
      tensors.compare(name, noise.draw(tensors.shape(name)).data());
    }
  }

  private static BigInteger number(GoldenFile golden, String name, String text) {
    try {
      return new BigInteger(text);
    } catch (NumberFormatException e) {
      throw new EngineException(
          "%s: tensor %s is not named SEED/SHAPE or SEED/DRAW/SHAPE".formatted(golden.path(), name),
          e);
    }
  }
}
