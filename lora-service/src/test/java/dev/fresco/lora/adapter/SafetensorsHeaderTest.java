package dev.fresco.lora.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.lora.TestAdapters;
import dev.fresco.platform.web.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsHeaderTest {
  private static TensorListing read(byte[] file) throws IOException {
    return SafetensorsHeader.read(new ByteArrayInputStream(file), file.length);
  }

  @Test
  void listsTensorsAndMetadata() throws IOException {
    byte[] file = new TestAdapters().metadata("a", "b").with("x", 2, 3).with("y").bytes();
    TensorListing listing = read(file);
    assertThat(listing.metadata()).containsEntry("a", "b");
    assertThat(listing.tensors())
        .containsEntry("x", new TensorListing.Tensor("F32", List.of(2L, 3L)))
        .containsEntry("y", new TensorListing.Tensor("F32", List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{]; not JSON",
        "[]; not a JSON object",
        "{\"a\":1}; key a, which has no known dtype",
        "{\"a\":{\"dtype\":\"F31\",\"shape\":[],\"data_offsets\":[0,4]}}; \"F31\"",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":3,\"data_offsets\":[0,4]}}; no list shape",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,0]}}; wrong data_offsets",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0]}}; wrong data_offsets",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}; has -1 in its shape",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}; has 1.5 in its shape",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}; needs 8 bytes",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}};"
            + "impossible shape",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,8]}}; begins at byte 4",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}; header lists 3",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[9],\"data_offsets\":[0,9]}}; header lists 9",
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}; key b",
        "{\"a\":{},\"a\":{}}; uplicate",
        "{\"__metadata__\":{\"x\":{}}}; something other than text",
      })
  void refusesHeadersThatDoNotDescribeTheFile(String header, String said) {
    assertThatThrownBy(() -> read(TestAdapters.file(header, 8)))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("file ")
        .hasMessageContaining(said);
  }

  @Test
  void refusesAFileThatEndsEarlyWhereverThatIs() {
    byte[] file = TestAdapters.lora(2);
    for (int length = 0; length < file.length; length++) {
      byte[] part = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> read(part))
          .as("%d bytes", length)
          .isInstanceOf(ProblemException.class)
          .hasMessageStartingWith("file ");
    }
  }

  @Test
  void refusesAHugeHeaderWithoutReadingIt() {
    byte[] file = TestAdapters.file("", 0);
    file[3] = 1; // 16 MiB
    file[0] = 1; // and one byte
    assertThatThrownBy(() -> SafetensorsHeader.read(new ByteArrayInputStream(file), Long.MAX_VALUE))
        .hasMessageContaining("16777217 bytes; the limit is 16777216");
  }

  @Test
  void randomDamageIsRefusedOrHarmlessNeverMore() throws IOException {
    Random random = new Random(7);
    byte[] file = TestAdapters.lora(2);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = file.clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      try {
        assertThat(read(damaged).tensors()).isNotNull();
      } catch (ProblemException refused) {
        assertThat(refused.status().value()).isEqualTo(422);
      }
    }
  }
}
