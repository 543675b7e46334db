package dev.fresco.engine.recording;

import java.nio.ByteBuffer;

/**
 * What one layer leaves behind in one step.
 *
 * @param name of the layer and what of it, for example {@code mid_block.resnets.0.conv1}
 * @param shape the first axis is rows: the prompt's, then the negative prompt's if there is
 *     guidance
 * @param data little-endian numbers in the order of the shape
 */
public record RecordedTensor(String name, Type type, long[] shape, ByteBuffer data) {
  /** How numbers are stored. */
  public enum Type {
    FP32(4),
    BF16(2);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** Of a number. */
    public int bytes() {
      return bytes;
    }
  }
}
