package dev.fresco.engine.recording;

import dev.fresco.contracts.template.RecordingKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** Recordings for tests: every number follows from its step, tensor and place. */
public final class RecordedNumbers {
  private RecordedNumbers() {}

  /** A key of its own for each seed. */
  public static RecordingKey key(int seed, int steps) {
    return new RecordingKey(
        "rev-1", "%064x".formatted(seed), 128, 128, "ddim", steps, true, List.of("ab*0.5"));
  }

  /** A tensor of fp32 numbers, of a shape that is not a multiple of anything. */
  public static RecordedTensor floats(int step, String name, long... shape) {
    int count = 1;
    for (long axis : shape) {
      count *= (int) axis;
    }
    ByteBuffer data = ByteBuffer.allocateDirect(4 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      data.putFloat(number(step, name, i));
    }
    return new RecordedTensor(name, RecordedTensor.Type.FP32, shape, data.flip());
  }

  /** What {@link #floats} has at a place. */
  public static float number(int step, String name, int place) {
    return (float) Math.sin(step + 0.1 * place + name.hashCode() % 97);
  }

  /** Puts one step of two tensors. */
  public static void put(RecordingSink sink, int step) {
    sink.put(step, floats(step, "conv_in", 2, 3, 5, 7));
    ByteBuffer bf16 = ByteBuffer.allocate(2 * 11 * 2).order(ByteOrder.LITTLE_ENDIAN);
    while (bf16.hasRemaining()) {
      bf16.putShort((short) (step * 100 + bf16.position()));
    }
    sink.put(
        step,
        new RecordedTensor(
            "attn1.k", RecordedTensor.Type.BF16, new long[] {2, 11, 1}, bf16.flip()));
  }

  /** Writes a whole file. */
  public static void write(Path target, RecordingKey key) {
    try (RecordingWriter writer = new RecordingWriter(target, key, bytes -> {})) {
      for (int step = 0; step < key.steps(); step++) {
        put(writer, step);
      }
      writer.finish();
    }
  }
}
