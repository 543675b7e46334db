package dev.fresco.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class SafetensorsFileTest {
  private static final String PAIR =
      "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
          + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}";

  @TempDir Path folder;

  @Test
  void readsTensorsAndMetadata() {
    byte[] data = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0};
    String header = "{\"__metadata__\":{\"format\":\"pt\"}," + PAIR + "}   ";
    try (SafetensorsFile file = open(SafetensorsBytes.file(header, data))) {
      assertThat(file.tensors().keySet()).containsExactly("a", "b");
      assertThat(file.metadata()).containsEntry("format", "pt");
      assertThat(file.floats("a")).containsExactly(1f);
      assertThat(file.floats("b")).containsExactly(-2f);
      assertThat(file.tensor("b").describe()).isEqualTo("F32[1]");
      assertThat(file.map(file.tensor("b")).isReadOnly()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"F8_E4M3", "F8_E5M2", "U64"})
  void readsEveryTypeThatFitsAFloat(StoredType type) {
    ByteBuffer two = ByteBuffer.allocate(type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case F64 -> two.putDouble(2);
      case F32 -> two.putFloat(2);
      case F16 -> two.putShort((short) 0x4000);
      case BF16 -> two.putShort((short) 0x4000);
      default -> two.put(0, (byte) 2);
    }
    byte[] bytes = new SafetensorsBytes().with("x", type, two.array()).bytes();
    try (SafetensorsFile file = open(bytes)) {
      assertThat(file.floats("x")).containsExactly(2f);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0000, 0",
    "8000, -0.0",
    "3c00, 1",
    "bc01, -1.0009765625",
    "7bff, 65504",
    "0400, 0.00006103515625",
    "0001, 0.000000059604644775390625",
    "83ff, -0.00006097555160522461",
    "7c00, Infinity",
    "fc00, -Infinity",
    "7e00, NaN"
  })
  void widensFp16(String bits, Float expected) {
    assertThat(StoredNumbers.fromFp16((short) Integer.parseInt(bits, 16))).isEqualTo(expected);
  }

  @Test
  void refusesATensorThatIsNotThere() {
    try (SafetensorsFile file = open(new SafetensorsBytes().floats("x", new float[2], 2).bytes())) {
      assertThatThrownBy(() -> file.floats("y"))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("has no tensor y");
    }
  }

  @Test
  void refusesEveryTruncation() {
    byte[] whole = new SafetensorsBytes().floats("x", new float[6], 2, 3).bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> open(cut))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("model.safetensors");
    }
  }

  @ParameterizedTest
  @CsvSource({"-1", "9223372036854775807", "100000001", "1000"})
  void refusesAHeaderLengthThatCannotBe(long length) {
    byte[] bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    assertThatThrownBy(() -> open(bytes))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("header length " + Long.toUnsignedString(length));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|no JSON object",
        "{|no JSON",
        "not json|no JSON",
        "{\"a\":1}|tensor a is no JSON object",
        "{\"a\":{}}|unknown dtype",
        "{\"a\":{\"dtype\":\"Q4\",\"shape\":[8],\"data_offsets\":[0,8]}}|unknown dtype \"Q4\"",
        "{\"a\":{\"dtype\":\"U8\",\"data_offsets\":[0,8]}}|has no list shape",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[-8],\"data_offsets\":[0,8]}}|has -8 in shape",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[8.5],\"data_offsets\":[0,8]}}|has 8.5 in shape",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8,9]}}|data_offsets [0,8,9]",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[8,0]}}|data_offsets [8,0]",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[8],\"data_offsets\":[0,8]}}|needs 32 bytes",
        "{\"a\":{\"dtype\":\"F64\",\"shape\":[9000000000000000000,9],\"data_offsets\":[0,8]}}|over 2^63",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[4,12]}}|begins at byte 4",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}|the tensors need 4 bytes",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[16],\"data_offsets\":[0,16]}}|the file has 8",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[6],\"data_offsets\":[0,6]},\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}|tensor b begins at byte 4",
        "{\"__metadata__\":{\"a\":1}}|__metadata__.a is no text",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]},\"a\":{}}|no JSON"
      })
  void refusesAHeaderThatDoesNotHold(String header, String why) {
    assertThatThrownBy(() -> open(SafetensorsBytes.file(header, new byte[8])))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("model.safetensors")
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{} {}|goes on after its JSON object", "{\"a\":[1,2]}|tensor a is no JSON object"})
  void refusesAHeaderThatIsNotOneObjectOfObjects(String header, String why) {
    assertThatThrownBy(() -> open(SafetensorsBytes.file(header, new byte[0])))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(why);
  }

  @Test
  void refusesNamesAndShapesOfAbsurdLength() {
    byte[] longName = new SafetensorsBytes().floats("x".repeat(1001), new float[1], 1).bytes();
    assertThatThrownBy(() -> open(longName))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("has a name of 1001 characters");
    long[] axes = new long[17];
    Arrays.fill(axes, 1);
    byte[] manyAxes = new SafetensorsBytes().floats("x", new float[1], axes).bytes();
    assertThatThrownBy(() -> open(manyAxes))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("tensor x has 17 numbers in shape");
  }

  /** Nothing of such a header is read. */
  @Test
  void refusesAHeaderOf4GigabytesThatTheFileHolds() throws IOException {
    Path path = folder.resolve("model.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 32).array());
      file.setLength(5L << 30); // sparse
    }
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("header length 4294967296 is over the limit of 16777216 bytes");
  }

  @Test
  void namesAreNeverPaths() {
    String name = "../../etc/passwd";
    try (SafetensorsFile file =
        open(new SafetensorsBytes().floats(name, new float[1], 1).bytes())) {
      assertThat(file.floats(name)).containsExactly(0);
    }
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none.safetensors")))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("none.safetensors");
  }

  private SafetensorsFile open(byte[] bytes) {
    return SafetensorsFile.open(SafetensorsBytes.write(folder.resolve("model.safetensors"), bytes));
  }
}
