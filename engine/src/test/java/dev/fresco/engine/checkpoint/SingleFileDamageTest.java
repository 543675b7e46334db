package dev.fresco.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever keys and shapes a whole model's file has, it is either taken or refused with an {@link
 * EngineException}.
 */
class SingleFileDamageTest {
  private static final OriginalFile SD15 = new OriginalFile("sd15-tiny");
  private static final OriginalFile SD21 = new OriginalFile("sd21-tiny");
  private static final OriginalFile SDXL = new OriginalFile("sdxl-tiny");
  private static Path folder;
  private static Path file;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("single");
    file = folder.resolve("model.safetensors");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    Files.deleteIfExists(file);
    Files.delete(folder);
  }

  @Property(tries = 20)
  void changedBytesOfTheHeader(
      @ForAll @Size(min = 1, max = 3) int[] places, @ForAll @Size(3) byte[] values)
      throws IOException {
    byte[] bytes = small(SDXL).bytes();
    for (int i = 0; i < places.length; i++) {
      bytes[8 + Math.floorMod(places[i], 50_000)] = values[i];
    }
    takesOrRefuses(bytes);
  }

  @Property(tries = 20)
  void changedNumbersInKeysAndOtherShapes(
      @ForAll @IntRange(max = 9) int from, @ForAll @IntRange(max = 12) int to, @ForAll int place)
      throws IOException {
    SafetensorsBytes tensors = small(SD15);
    String key = tensors.names().get(Math.floorMod(place, tensors.names().size()));
    tensors.without(key).floats(key.replace("." + from + ".", "." + to + "."), new float[6], 2, 3);
    takesOrRefuses(tensors.bytes());
  }

  @Property(tries = 20)
  void missingTensors(@ForAll @Size(min = 1, max = 3) int[] places) throws IOException {
    SafetensorsBytes tensors = small(SD21);
    for (int place : places) {
      tensors.without(tensors.names().get(Math.floorMod(place, tensors.names().size())));
    }
    takesOrRefuses(tensors.bytes());
  }

  /** Names and ranks as they should be, hardly any numbers. */
  private static SafetensorsBytes small(OriginalFile original) {
    SafetensorsBytes tensors = new SafetensorsBytes();
    for (OriginalFile.Row row : original.rows()) {
      long[] shape = new long[row.how().equals("squeezed") ? 4 : row.shape().length];
      Arrays.fill(shape, 1);
      if (row.how().startsWith("rows")) {
        shape[0] = 3;
      }
      tensors.floats(row.key(), new float[(int) shape[0]], shape);
    }
    return tensors;
  }

  private static void takesOrRefuses(byte[] bytes) throws IOException {
    SafetensorsBytes.write(file, bytes);
    try {
      Checkpoint checkpoint = Checkpoint.open(file);
      for (String network : checkpoint.family().networks()) {
        takesOrRefuses(checkpoint.component(network));
      }
    } catch (EngineException refusal) {
      assertThat(refusal).hasMessageContaining(file.toString());
    }
  }

  private static void takesOrRefuses(Component component) {
    try {
      component.config();
    } catch (EngineException refusal) {
      assertThat(refusal).hasMessageContaining(file.toString());
    }
    try (TensorSource source = component.weights()) {
      for (StoredTensor tensor : source.tensors().values()) {
        assertThat(source.map(tensor).remaining()).isEqualTo((int) tensor.byteCount());
      }
    } catch (EngineException refusal) {
      assertThat(refusal).hasMessageContaining(file.toString());
    }
  }
}
