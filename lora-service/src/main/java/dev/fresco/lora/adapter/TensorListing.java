package dev.fresco.lora.adapter;

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
  }
}
