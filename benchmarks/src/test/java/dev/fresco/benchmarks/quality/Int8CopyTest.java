package dev.fresco.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.recording.MemoryRecording;
import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.RecordedTensor.Type;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Int8CopyTest {
  private static final int ROWS = 64;
  private static final int CHANNELS = 1024;

  @Test
  void hasHalfTheBytesAndNearlyTheNumbers() throws Exception {
    MemoryRecording original = new MemoryRecording();
    original.put(0, tensor());
    Int8Copy copy = Int8Copy.of(original);
    try (copy) {
      assertThat(copy.recording().bytes("k"))
          .isBetween(ROWS * CHANNELS * 1L, ROWS * CHANNELS * 11 / 10L);
      ByteBuffer numbers = copy.recording().tensor(0, "k").data();
      ByteBuffer before = original.tensor(0, "k").data();
      double most = 0;
      for (int i = 0; i < ROWS * CHANNELS; i++) {
        most = Math.max(most, Math.abs(number(numbers, i) - number(before, i)));
      }
      assertThat(most).isBetween(1e-4, .02);
    }
    assertThat(Files.exists(copy.folder().path())).isFalse();
  }

  private static RecordedTensor tensor() {
    Random random = new Random(1);
    ByteBuffer data = ByteBuffer.allocate(2 * ROWS * CHANNELS).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < ROWS * CHANNELS; i++) {
      data.putShort((short) (Float.floatToRawIntBits(random.nextFloat() * 2 - 1) >> 16));
    }
    return new RecordedTensor("k", Type.BF16, new long[] {1, ROWS, CHANNELS}, data.flip());
  }

  private static float number(ByteBuffer numbers, int index) {
    return Float.intBitsToFloat(numbers.getShort(2 * index) << 16);
  }
}
