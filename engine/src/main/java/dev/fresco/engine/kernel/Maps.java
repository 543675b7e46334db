package dev.fresco.engine.kernel;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;

/**
 * One activation of a network for a mixed batch: a map per group, {@code [rows, channels, height,
 * width]}, where the rows of a group have one size.
 */
public final class Maps implements AutoCloseable {
  private final NDArray[] groups;

  /**
   * @param groups at least one; owned from now on
   */
  public Maps(NDArray... groups) {
    this.groups = groups;
  }

  List<NDArray> all() {
    return List.of(groups);
  }

  public int count() {
    return groups.length;
  }

  public NDArray group(int index) {
    return groups[index];
  }

  /** How many rows each group has. */
  public long[] rows() {
    return Arrays.stream(groups).mapToLong(group -> group.getShape().get(0)).toArray();
  }

  /** Height and width of each group, one after the other. */
  public long[] sizes() {
    long[] sizes = new long[groups.length * 2];
    for (int i = 0; i < groups.length; i++) {
      sizes[2 * i] = groups[i].getShape().get(2);
      sizes[2 * i + 1] = groups[i].getShape().get(3);
    }
    return sizes;
  }

  @Override
  public void close() {
    for (NDArray group : groups) {
      group.close();
    }
  }
}
