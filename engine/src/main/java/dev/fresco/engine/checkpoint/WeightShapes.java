package dev.fresco.engine.checkpoint;

import dev.fresco.engine.kernel.ComputeType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors that a network part must find, by their names within the part. */
public final class WeightShapes {
  private final Map<String, Wanted> wanted = new LinkedHashMap<>();

  /** What a tensor is for, and so how it is kept. */
  enum Use {
    /** Scale or shift of a norm, in fp32. */
    NORM,
    /** A matrix that tokens are multiplied by; may be packed. */
    MATRIX,
    /** The filter of a convolution; may be packed. */
    FILTER,
    /** Anything else. */
    PLAIN
  }

  /**
   * A tensor of a file and what the kernel gets of it.
   *
   * @param shape in the file
   * @param pieces as the kernel knows them; most tensors are one piece of the same name
   */
  record Wanted(long[] shape, Use use, List<Piece> pieces) {
    ComputeType type(ComputeType products) {
      return use == Use.NORM ? ComputeType.FP32 : products;
    }
  }

  /** Rows of a tensor, the last excluded. */
  record Piece(String name, long first, long last) {}

  /** {@code weight} and {@code bias} of one value per channel; norms compute in fp32. */
  public WeightShapes norm(String name, long channels) {
    return add(join(name, "weight"), Use.NORM, channels)
        .add(join(name, "bias"), Use.NORM, channels);
  }

  /** {@code weight} of one value per channel, as RMS norms have it; fp32 like all norms. */
  public WeightShapes rmsNorm(String name, long channels) {
    return add(join(name, "weight"), Use.NORM, channels);
  }

  /** A matrix with bias. */
  public WeightShapes linear(String name, long in, long out) {
    return matrix(name, in, out).tensor(join(name, "bias"), out);
  }

  /** A matrix without bias. */
  public WeightShapes matrix(String name, long in, long out) {
    return add(join(name, "weight"), Use.MATRIX, out, in);
  }

  /**
   * A matrix with bias that stands in the file as a 1x1 convolution; both are the same sum.
   *
   * @param name of the part
   */
  public WeightShapes pointwise(String name, long in, long out) {
    return add(join(name, "weight"), Use.MATRIX, out, in, 1, 1).tensor(join(name, "bias"), out);
  }

  /**
   * A matrix with bias that is used in two halves, {@code NAME.FIRST} and {@code NAME.SECOND}.
   *
   * @param out rows of both halves together
   */
  public WeightShapes halves(String name, String first, String second, long in, long out) {
    for (String leaf : List.of("weight", "bias")) {
      long[] shape = leaf.equals("weight") ? new long[] {out, in} : new long[] {out};
      List<Piece> pieces = new ArrayList<>();
      pieces.add(new Piece(join(join(name, first), leaf), 0, out / 2));
      pieces.add(new Piece(join(join(name, second), leaf), out / 2, out));
      Use use = leaf.equals("weight") ? Use.MATRIX : Use.PLAIN;
      wanted.put(join(name, leaf), new Wanted(shape, use, pieces));
    }
    return this;
  }

  /** A square convolution with bias. */
  public WeightShapes convolution(String name, long in, long out, long kernel) {
    return filter(name, in, out, kernel).tensor(join(name, "bias"), out);
  }

  /** A square convolution without bias. */
  public WeightShapes filter(String name, long in, long out, long kernel) {
    return add(join(name, "weight"), Use.FILTER, out, in, kernel, kernel);
  }

  public WeightShapes tensor(String name, long... shape) {
    return add(name, Use.PLAIN, shape);
  }

  private WeightShapes add(String name, Use use, long... shape) {
    wanted.put(name, new Wanted(shape, use, List.of(new Piece(name, 0, shape[0]))));
    return this;
  }

  Map<String, Wanted> byName() {
    return Collections.unmodifiableMap(wanted);
  }

  private static String join(String name, String leaf) {
    return name.isEmpty() ? leaf : name + "." + leaf;
  }
}
