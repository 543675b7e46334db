package dev.fresco.engine.recording;

import java.util.List;

/**
 * Where a tensor lies in the block of every step.
 *
 * @param offset of its first byte in the block; a multiple of {@link RecordingLayout#ALIGNMENT}
 * @param window which part of the block is mapped with it
 * @param bytes that are stored, without what fills up to the next slab
 */
record Slab(
    int index,
    String name,
    StoredForm form,
    List<Long> shape,
    int window,
    long offset,
    long bytes) {
  long end() {
    return offset + bytes;
  }

  /** Numbers of a row: the last axis. */
  int row() {
    return shape.isEmpty() ? 1 : Math.toIntExact(shape.get(shape.size() - 1));
  }

  int numbers() {
    return Math.toIntExact(shape.stream().reduce(1L, (a, b) -> a * b));
  }

  long[] axes() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
