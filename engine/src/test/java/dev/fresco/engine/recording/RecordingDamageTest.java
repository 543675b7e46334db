package dev.fresco.engine.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever the bytes are, a file is either read as it was written or refused with a {@link
 * RecordingDamagedException}.
 */
class RecordingDamageTest {
  private static Path file;
  private static byte[] sound;

  @BeforeContainer
  static void makeFile() throws IOException {
    file = Files.createTempFile("damaged", ".frec");
    RecordedNumbers.write(file, RecordedNumbers.key(1, 2));
    sound = Files.readAllBytes(file);
  }

  @AfterContainer
  static void removeFile() throws IOException {
    Files.delete(file);
  }

  /** Anywhere in what is used: a change there is always found. */
  @Property(tries = 60)
  void changedBytes(@ForAll int place, @ForAll @IntRange(min = 1, max = 255) int change)
      throws IOException {
    byte[] bytes = sound.clone();
    int at = Math.floorMod(place, bytes.length);
    bytes[at] ^= (byte) change;
    boolean read = readsOrRefuses(bytes);
    assertThat(read).isEqualTo(sound[at] == 0 && isPadding(at));
  }

  private static boolean isPadding(int at) {
    int page = (at - RecordingHeader.ROOM) % RecordingLayout.ALIGNMENT;
    int inBlock = (at - RecordingHeader.ROOM) / RecordingLayout.ALIGNMENT % 3;
    return at < RecordingHeader.ROOM
        ? at >= RecordingHeader.PREFIX + headerLength()
        : page >= new int[] {2 * 3 * 5 * 7 * 4, 2 * 11 * 2, 3 * 4}[inBlock];
  }

  private static int headerLength() {
    return ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
  }

  @Property(tries = 20)
  void cutOrProlonged(@ForAll @IntRange(max = 600_000) int length) throws IOException {
    assertThat(readsOrRefuses(Arrays.copyOf(sound, length))).isEqualTo(length == sound.length);
  }

  /** With a right checksum, as one would write who means harm. */
  @Property(tries = 80)
  void changedDigits(
      @ForAll @IntRange(max = 900) int place,
      @ForAll @IntRange(max = 9) int digit,
      @ForAll boolean minus)
      throws IOException {
    byte[] bytes = sound.clone();
    for (int i = RecordingHeader.PREFIX + place; i < RecordingHeader.PREFIX + headerLength(); i++) {
      if (Character.isDigit(bytes[i])) {
        bytes[i] = (byte) (minus ? '-' : '0' + digit);
        break;
      }
    }
    readsOrRefuses(sealed(bytes, headerLength()));
  }

  @Property(tries = 60)
  void noiseForAHeader(@ForAll @Size(max = 100) String json) throws IOException {
    byte[] text = ("{\"key\":" + json).getBytes();
    byte[] bytes = sound.clone();
    System.arraycopy(text, 0, bytes, RecordingHeader.PREFIX, text.length);
    assertThat(readsOrRefuses(sealed(bytes, text.length))).isFalse();
  }

  @Property(tries = 60)
  void noise(@ForAll @Size(max = 200) byte[] bytes) throws IOException {
    assertThat(readsOrRefuses(bytes)).isFalse();
  }

  @Property(tries = 40)
  void anyHeaderLength(@ForAll int length) throws IOException {
    byte[] bytes = sound.clone();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(8, length);
    assertThat(readsOrRefuses(bytes)).isEqualTo(length == headerLength());
  }

  private static byte[] sealed(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, RecordingHeader.PREFIX, length);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(8, length)
        .putInt(12, (int) checksum.getValue());
    return bytes;
  }

  private static boolean readsOrRefuses(byte[] bytes) throws IOException {
    // In another file each time: what is mapped must not be cut.
    Path next = Files.createTempFile("damaged", ".frec");
    Files.write(next, bytes);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    try (RecordingFile opened = RecordingFile.open(file)) {
      opened.verify();
      assertThat(opened.tensor(1, "conv_in").data().remaining()).isEqualTo(840);
      return true;
    } catch (RecordingDamagedException refusal) {
      assertThat(refusal).hasMessageContaining(file.toString());
      return false;
    }
  }
}
