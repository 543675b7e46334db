package dev.fresco.engine.dit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rotations that tell the attention where tokens are, kept on the device by shape.
 *
 * <p>A head's channels are divided among three axes: text, down, across. On an axis of {@code n}
 * channels, pair {@code i} turns by {@code place * 10000 ^ (-2 i / n)} (RoFormer, arXiv:2104.09864,
 * section 3.2.2). Words are at 0 on all axes, and so is every place on the first.
 */
public final class RotaryTables implements AutoCloseable {
  private static final double THETA = 10000;

  private final NDManager manager;
  private final List<Integer> axes;
  private final Map<TokenShape, NDArray> tables = new HashMap<>();

  /**
   * @param manager owned by these tables from now on
   * @param axes channels of each axis, even
   */
  public RotaryTables(NDManager manager, List<Integer> axes) {
    this.manager = manager;
    this.axes = axes;
  }

  /**
   * Cosines and sines, {@code [tokens, 1, width of a head / 2, 2]}, words first.
   *
   * @return belongs to these tables
   */
  public NDArray of(TokenShape shape) {
    return tables.computeIfAbsent(
        shape,
        missing -> {
          int pairs = axes.stream().mapToInt(Integer::intValue).sum() / 2;
          return manager.create(rotations(axes, missing), new Shape(missing.tokens(), 1, pairs, 2));
        });
  }

  /** Frees the tables of all other shapes. */
  public void retain(Collection<TokenShape> shapes) {
    tables
        .entrySet()
        .removeIf(
            entry -> {
              boolean unused = !shapes.contains(entry.getKey());
              if (unused) {
                entry.getValue().close();
              }
              return unused;
            });
  }

  @Override
  public void close() {
    manager.close();
  }

  /** Angles in double precision: products of a place and a frequency lose too much in fp32. */
  private static float[] rotations(List<Integer> axes, TokenShape shape) {
    float[] values = new float[shape.tokens() * axes.stream().mapToInt(Integer::intValue).sum()];
    int at = 0;
    for (int token = 0; token < shape.tokens(); token++) {
      int place = Math.max(0, token - shape.words());
      boolean word = token < shape.words();
      int[] position = {
        0, word ? 0 : place / shape.width(), word ? 0 : place % shape.width(),
      };
      for (int axis = 0; axis < position.length; axis++) {
        int channels = axes.get(axis);
        for (int channel = 0; channel < channels; channel += 2) {
          double angle = position[axis] * Math.pow(THETA, -(double) channel / channels);
          values[at++] = (float) Math.cos(angle);
          values[at++] = (float) Math.sin(angle);
        }
      }
    }
    return values;
  }
}
