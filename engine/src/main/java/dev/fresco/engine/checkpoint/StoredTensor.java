package dev.fresco.engine.checkpoint;

import java.util.Arrays;

/**
 * Where and what a tensor of a safetensors file is.
 *
 * @param shape sizes, outermost first; empty for a single number
 * @param begin first byte, counted from the end of the header
 * @param end byte after the last
 */
public record StoredTensor(String name, StoredType type, long[] shape, long begin, long end) {
  public long byteCount() {
    return end - begin;
  }

  /** As an error message shows it: {@code F16[320, 4, 3, 3]}. */
  public String describe() {
    return type + Arrays.toString(shape);
  }
}
