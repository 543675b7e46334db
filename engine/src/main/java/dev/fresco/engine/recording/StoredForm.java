package dev.fresco.engine.recording;

import dev.fresco.engine.recording.RecordedTensor.Type;

/** How a tensor lies in the file. */
enum StoredForm {
  FP32(Type.FP32),
  BF16(Type.BF16),
  /** A byte for each number, and a scale for each row: see {@link Int8Rows}. */
  INT8(Type.BF16);

  private final Type type;

  StoredForm(Type type) {
    this.type = type;
  }

  /** As numbers that were not made smaller. */
  static StoredForm plain(Type type) {
    return switch (type) {
      case FP32 -> FP32;
      case BF16 -> BF16;
    };
  }

  /** What readers get. */
  Type type() {
    return type;
  }

  /**
   * @param numbers of the tensor
   * @param row numbers of a row, which is the last axis
   */
  long bytes(long numbers, long row) {
    return this == INT8 ? Int8Rows.bytes(numbers, row) : numbers * type.bytes();
  }
}
