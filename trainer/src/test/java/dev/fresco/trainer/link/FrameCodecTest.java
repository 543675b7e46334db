package dev.fresco.trainer.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.HostTensor;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameCodecTest {
  private static final FrameCodec CODEC = new FrameCodec(1 << 16);
  private static final Message MESSAGE =
      new Message(
          new MessageKey(MessageKind.GRADIENT, 7, 2, 3),
          HostTensor.of(new float[] {1, -2.5f}, 1, 2));

  @Test
  void aFrameAsItTravels() {
    String body =
        "01"
            + "0000000000000007"
            + "00000002"
            + "00000003"
            + "02"
            + "0000000000000001"
            + "0000000000000002"
            + "3f800000"
            + "c0200000";
    CRC32 sum = new CRC32();
    sum.update(HexFormat.of().parseHex(body));
    assertThat(HexFormat.of().formatHex(CODEC.encode(MESSAGE)))
        .isEqualTo("0000002a" + body + "%08x".formatted(sum.getValue()));
  }

  @Property(tries = 200)
  void whatIsWrittenIsRead(
      @ForAll MessageKind kind,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long iteration,
      @ForAll @IntRange(min = 0, max = Integer.MAX_VALUE) int microbatch,
      @ForAll @IntRange(min = 0, max = Integer.MAX_VALUE) int piece,
      @ForAll @Size(max = 4) List<@IntRange(min = 0, max = 6) Integer> sizes,
      @ForAll long seed)
      throws IOException {
    long[] shape = sizes.stream().mapToLong(Integer::longValue).toArray();
    float[] data = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    Random random = new Random(seed);
    for (int i = 0; i < data.length; i++) {
      data[i] = Float.intBitsToFloat(random.nextInt());
    }
    Message message =
        new Message(new MessageKey(kind, iteration, microbatch, piece), HostTensor.of(data, shape));
    Message read = read(CODEC.encode(message));
    assertThat(read.key()).isEqualTo(message.key());
    assertThat(read.tensor().shape()).isEqualTo(shape);
    assertThat(bits(read.tensor().data())).isEqualTo(bits(data));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @Test
  void aFrameThatEndsTooSoonIsNone() {
    byte[] frame = CODEC.encode(MESSAGE);
    for (int length = 0; length < frame.length; length++) {
      byte[] part = Arrays.copyOf(frame, length);
      assertThatThrownBy(() -> read(part)).isInstanceOf(EOFException.class);
    }
  }

  @Test
  void noChangedBitPasses() {
    byte[] frame = CODEC.encode(MESSAGE);
    for (int bit = 0; bit < 8 * frame.length; bit++) {
      byte[] changed = frame.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> read(changed))
          .as("bit " + bit)
          .isInstanceOfAny(FrameException.class, EOFException.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          02 0000000000000007 00000002 00000003 00 3f800000 | kind 2 is unknown
          ff 0000000000000007 00000002 00000003 00 3f800000 | kind -1 is unknown
          00 8000000000000007 00000002 00000003 00 3f800000 | iteration is -9223372036854775801
          00 0000000000000007 ffffffff 00000003 00 3f800000 | microbatch is -1
          00 0000000000000007 00000002 80000000 00 3f800000 | piece is -2147483648
          00 0000000000000007 00000002 00000003 01 3f800000 | 1 dimensions in a frame with 4 bytes
          00 0000000000000007 00000002 00000003 09 3f800000 | the most are 8
          00 0000000000000007 00000002 00000003 ff 3f800000 | -1 dimensions
          00 0000000000000007 00000002 00000003 00 3f80000000 | has 1 places; 5 bytes came
          00 0000000000000007 00000002 00000003 00 3f8000003f800000 | has 1 places; 8 bytes came
          00 0000000000000007 00000002 00000003 01 0000000000000002 3f800000 | has 2 places; 4 bytes
          00 0000000000000007 00000002 00000003 01 ffffffffffffffff 3f800000 | has a negative size
          00 0000000000000007 00000002 00000003 02 7fffffffffffffff 0000000000000004 3f800000 | too many
          """)
  void hostileBodies(String body, String reason) {
    byte[] bytes = HexFormat.of().parseHex(body.replace(" ", ""));
    CRC32 sum = new CRC32();
    sum.update(bytes);
    byte[] frame =
        ByteBuffer.allocate(bytes.length + 8)
            .putInt(bytes.length)
            .put(bytes)
            .putInt((int) sum.getValue())
            .array();
    assertThatThrownBy(() -> read(frame))
        .isInstanceOf(FrameException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({"-1", "0", "17", "65529", "2147483647"})
  void hostileLengths(int length) {
    byte[] start = ByteBuffer.allocate(4).putInt(length).array();
    assertThatThrownBy(() -> read(start))
        .isInstanceOf(FrameException.class)
        .hasMessageContaining(length + " bytes; 18 to 65528 can be");
  }

  @Test
  void whatTheOtherSideWouldNotTakeIsNotSent() {
    FrameCodec small = new FrameCodec(50);
    assertThat(small.encode(MESSAGE)).hasSize(50);
    assertThatThrownBy(() -> new FrameCodec(49).encode(MESSAGE))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("takes 50 bytes; the most are 49 (mostFrameBytes)");
    Message deep =
        new Message(MESSAGE.key(), HostTensor.of(new float[1], 1, 1, 1, 1, 1, 1, 1, 1, 1));
    assertThatThrownBy(() -> CODEC.encode(deep)).hasMessageContaining("9 dimensions");
  }

  private static Message read(byte[] bytes) throws IOException {
    return CODEC.read(new DataInputStream(new ByteArrayInputStream(bytes)));
  }
}
