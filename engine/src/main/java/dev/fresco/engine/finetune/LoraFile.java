package dev.fresco.engine.finetune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.training.SafetensorsWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A finished LoRA as PEFT and diffusers write it. {@code alpha / rank} is multiplied into the up
 * halves, so readers that look for no alpha add what was trained.
 */
final class LoraFile {
  private LoraFile() {}

  /**
   * Writes a file, in the place of one that was there; a failure leaves that one.
   *
   * @throws dev.fresco.engine.EngineException naming the file, if it cannot be written
   */
  static void write(LoraFactors factors, double scale, Path file) {
    Kernel kernel = factors.parameters().kernels().kernel("lora");
    try (NDManager scope = factors.parameters().kernels().manager().newSubManager()) {
      SortedMap<String, NDArray> tensors = new TreeMap<>();
      for (String layer : factors.layers()) {
        String name = LoraFactors.COMPONENT + layer;
        tensors.put(name + LoraFactors.DOWN, factors.down(layer));
        NDArray[] up =
            kernel
                .call("scaled")
                .tensors(List.of(factors.up(layer)))
                .decimal(scale)
                .runForList(scope);
        tensors.put(name + LoraFactors.UP, up[0]);
      }
      SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
    }
  }
}
