package dev.fresco.engine.checkpoint;

import dev.fresco.engine.kernel.ComputeType;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The tensors that a network part must find, by their names within the part. */
public final class WeightShapes {
  private final Map<String, long[]> shapes = new LinkedHashMap<>();
  private final Set<String> norms = new HashSet<>();

  /** {@code weight} and {@code bias} of one value per channel; norms compute in fp32. */
  public WeightShapes norm(String name, long channels) {
    norms.add(join(name, "weight"));
    norms.add(join(name, "bias"));
    return tensor(join(name, "weight"), channels).tensor(join(name, "bias"), channels);
  }

  /** {@code weight} alone of one value per channel, as RMS norms have it; fp32 like all norms. */
  public WeightShapes scaleNorm(String name, long channels) {
    norms.add(join(name, "weight"));
    return tensor(join(name, "weight"), channels);
  }

  /** A matrix with bias. */
  public WeightShapes linear(String name, long in, long out) {
    return matrix(name, in, out).tensor(join(name, "bias"), out);
  }

  /** A matrix without bias. */
  public WeightShapes matrix(String name, long in, long out) {
    return tensor(join(name, "weight"), out, in);
  }

  /** A square convolution with bias. */
  public WeightShapes convolution(String name, long in, long out, long kernel) {
    return filter(name, in, out, kernel).tensor(join(name, "bias"), out);
  }

  /** A square convolution without bias. */
  public WeightShapes filter(String name, long in, long out, long kernel) {
    return tensor(join(name, "weight"), out, in, kernel, kernel);
  }

  public WeightShapes tensor(String name, long... shape) {
    shapes.put(name, shape);
    return this;
  }

  Map<String, long[]> byName() {
    return Collections.unmodifiableMap(shapes);
  }

  /** The type that a tensor is wanted in. */
  ComputeType typeOf(String name, ComputeType products) {
    return norms.contains(name) ? ComputeType.FP32 : products;
  }

  private static String join(String name, String leaf) {
    return name.isEmpty() ? leaf : name + "." + leaf;
  }
}
