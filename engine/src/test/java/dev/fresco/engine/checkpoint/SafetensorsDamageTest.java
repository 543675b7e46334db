package dev.fresco.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever the bytes are, a file is either read whole or refused with an {@link EngineException}.
 */
class SafetensorsDamageTest {
  private static Path file;

  @BeforeContainer
  static void makeFile() throws IOException {
    file = Files.createTempFile("damaged", ".safetensors");
  }

  @AfterContainer
  static void removeFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 2000)
  void changedBytes(@ForAll @Size(min = 1, max = 4) int[] places, @ForAll @Size(4) byte[] values) {
    byte[] bytes = sound();
    for (int i = 0; i < places.length; i++) {
      bytes[Math.floorMod(places[i], bytes.length)] = values[i];
    }
    readsOrRefuses(bytes);
  }

  @Property(tries = 1000)
  void changedDigits(@ForAll @IntRange(max = 200) int place, @ForAll @IntRange(max = 9) int digit) {
    byte[] bytes = sound();
    for (int i = 8 + place; i < bytes.length; i++) {
      if (Character.isDigit(bytes[i])) {
        bytes[i] = (byte) ('0' + digit);
        break;
      }
    }
    readsOrRefuses(bytes);
  }

  @Property(tries = 1000)
  void noise(@ForAll @Size(max = 200) byte[] bytes) {
    readsOrRefuses(bytes);
  }

  @Property(tries = 1000)
  void noiseForAHeader(
      @ForAll @Size(max = 100) String header, @ForAll @Size(max = 20) byte[] data) {
    readsOrRefuses(SafetensorsBytes.file("{\"" + header, data));
  }

  private static byte[] sound() {
    return new SafetensorsBytes()
        .floats("conv.weight", new float[] {1, 2, 3, 4, 5, 6}, 2, 3)
        .floats("conv.bias", new float[] {1, 2}, 2)
        .with("ids", StoredType.I64, new byte[16], 2)
        .bytes();
  }

  private static void readsOrRefuses(byte[] bytes) {
    SafetensorsBytes.write(file, bytes);
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      for (StoredTensor tensor : opened.tensors().values()) {
        assertThat(opened.map(tensor).remaining()).isEqualTo((int) tensor.byteCount());
        opened.floats(tensor.name());
      }
    } catch (EngineException refusal) {
      assertThat(refusal).hasMessageContaining(file.toString());
    }
  }
}
