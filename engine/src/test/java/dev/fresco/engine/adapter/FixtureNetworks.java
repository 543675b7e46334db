package dev.fresco.engine.adapter;

import dev.fresco.engine.GoldenTensors;
import dev.fresco.engine.checkpoint.SafetensorsFile;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The layers of the models in {@code fixtures/}. */
final class FixtureNetworks {
  private static final JsonNode TABLE = GoldenTensors.json("lora/layer-names.json");

  private FixtureNetworks() {}

  static Map<LoraComponent, NetworkLayers> sd15() {
    return Map.of(
        LoraComponent.UNET, ofFile("sd15-tiny/unet/diffusion_pytorch_model.safetensors"),
        LoraComponent.TEXT_ENCODER, ofFile("sd15-tiny/text_encoder/model.safetensors"));
  }

  private static NetworkLayers ofFile(String name) {
    try (SafetensorsFile file = SafetensorsFile.open(GoldenTensors.path(name))) {
      SortedMap<String, long[]> tensors = new TreeMap<>();
      file.tensors().forEach((key, tensor) -> tensors.put(key, tensor.shape()));
      return NetworkLayers.ofTensors(tensors);
    }
  }

  /** {@code sdxl}, {@code sdxl-tiny} or {@code flux}, without text encoders. */
  static Map<LoraComponent, NetworkLayers> inTable(String model) {
    SortedMap<String, long[]> shapes = new TreeMap<>();
    TABLE
        .get(model)
        .get("shapes")
        .properties()
        .forEach(
            entry ->
                shapes.put(
                    entry.getKey(),
                    entry.getValue().valueStream().mapToLong(JsonNode::longValue).toArray()));
    return Map.of(
        model.equals("flux") ? LoraComponent.TRANSFORMER : LoraComponent.UNET,
        new NetworkLayers(shapes));
  }

  /** What diffusers takes kohya's names for. */
  static JsonNode names(String model) {
    return TABLE.get(model).get("names");
  }

  /** The models of the adapters in {@code fixtures/lora}. */
  static Map<LoraComponent, NetworkLayers> named(String model) {
    return model.equals("sd15-tiny") ? sd15() : inTable(model);
  }
}
