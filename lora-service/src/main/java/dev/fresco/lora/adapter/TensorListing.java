package dev.fresco.lora.adapter;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.SafetensorsHeader;
import dev.fresco.engine.checkpoint.StoredTensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a checkpoint file says it holds, without the numbers.
 *
 * @param tensors by key
 * @param metadata free text entries
 */
public record TensorListing(SortedMap<String, StoredTensor> tensors, Map<String, String> metadata) {
  public TensorListing {
    tensors = new TreeMap<>(tensors);
    metadata = Map.copyOf(metadata);
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
      return new TensorListing(header.tensors(), header.metadata());
    } catch (EngineException unreadable) {
      throw Refusal.of(Refusal.FILE, "cannot be read: " + unreadable.getMessage());
    }
  }
}
