package dev.fresco.lora.adapter;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.SafetensorsHeader;
import dev.fresco.engine.checkpoint.StoredTensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a checkpoint file says it holds, without the numbers.
 *
 * @param tensors by key
 * @param metadata free text entries
 */
public record TensorListing(SortedMap<String, Tensor> tensors, Map<String, String> metadata) {
  public TensorListing {
    tensors = new TreeMap<>(tensors);
    metadata = Map.copyOf(metadata);
  }

  /**
   * @param dtype as safetensors spells it, for example {@code BF16}
   * @param shape sizes, outermost first; empty for a single number
   */
  public record Tensor(String dtype, List<Long> shape) {
    public Tensor {
      shape = List.copyOf(shape);
    }

    private static Tensor of(StoredTensor stored) {
      return new Tensor(stored.type().name(), Arrays.stream(stored.shape()).boxed().toList());
    }
  }

  /**
   * Reads the header of a safetensors file, and no further.
   *
   * @param fileBytes of the whole file
   * @param longest header that is read
   * @throws dev.fresco.platform.web.ProblemException 422 naming the key and what is wrong
   */
  public static TensorListing read(
      InputStream file, long fileBytes, SafetensorsHeader.Limit longest) throws IOException {
    if (fileBytes == 0) {
      throw Refusal.of(Refusal.FILE, "is empty");
    }
    try {
      SafetensorsHeader header = SafetensorsHeader.read(file, fileBytes, "safetensors", longest);
      SortedMap<String, Tensor> tensors = new TreeMap<>();
      header.tensors().forEach((key, stored) -> tensors.put(key, Tensor.of(stored)));
      return new TensorListing(tensors, header.metadata());
    } catch (EngineException unreadable) {
      throw Refusal.of(Refusal.FILE, "cannot be read: " + unreadable.getMessage());
    }
  }
}
