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
    RecordedTensor.Type type,
    List<Long> shape,
    int window,
    long offset,
    long bytes) {
  long end() {
    return offset + bytes;
  }

  long[] axes() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
