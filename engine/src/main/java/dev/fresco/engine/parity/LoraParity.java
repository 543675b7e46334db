package dev.fresco.engine.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.adapter.AdapterSet;
import dev.fresco.engine.adapter.LoraAdapter;
import dev.fresco.engine.adapter.LoraComponent;
import dev.fresco.engine.adapter.LoraReader;
import dev.fresco.engine.adapter.NetworkLayers;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.KernelWeights;
import dev.fresco.engine.text.ClipText;
import dev.fresco.engine.unet.UNet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * {@code FAMILY.lora}, for the adapters {@code lora/FAMILY-NAME.SPELLING.safetensors}: what the
 * UNet predicts, and the text encoder says, with one adapter and with several at the scales in the
 * metadata. Every spelling is compared, and both ways to apply an adapter.
 */
public final class LoraParity implements ParityCheck {
  private static final List<String> SPELLINGS = List.of("peft", "kohya");

  @Override
  public boolean reads(GoldenFile golden) {
    return golden.part().equals("lora");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    try (GoldenTensors tensors = new GoldenTensors(golden, settings.networkLimit());
        UNet unet =
            UNet.load(golden.component("unet"), settings.kernels(), settings.computeType());
        ClipText text =
            ClipText.load(
                golden.checkpoint().resolve("tokenizer"),
                golden.component("text_encoder"),
                settings.kernels(),
                settings.computeType())) {
      LoraReader reader = reader(unet, text);
      for (String spelling : SPELLINGS) {
        for (Map.Entry<String, JsonNode> one : tensors.metadata("scales").properties()) {
          AdapterSet set = set(golden, reader, spelling, one.getValue());
          Compared compared =
              new Compared(tensors, settings, "out." + one.getKey(), " " + spelling);
          compared.patched(unet, set);
          compared.terms(unet, set);
        }
      }
      return tensors.rows();
    }
  }

  private static LoraReader reader(UNet unet, ClipText text) {
    return new LoraReader(
        Map.of(
            LoraComponent.UNET,
            new NetworkLayers(new TreeMap<>(unet.weights().layers())),
            LoraComponent.TEXT_ENCODER,
            new NetworkLayers(text.adaptableLayers())));
  }

  private static AdapterSet set(
      GoldenFile golden, LoraReader reader, String spelling, JsonNode scales) {
    List<AdapterSet.Use> uses = new ArrayList<>();
    for (Map.Entry<String, JsonNode> scale : scales.properties()) {
      String file =
          "lora/%s-%s.%s.safetensors".formatted(golden.family(), scale.getKey(), spelling);
      LoraAdapter adapter = reader.read(golden.folder().resolve(file));
      uses.add(new AdapterSet.Use(adapter, scale.getValue().asDouble()));
    }
    return AdapterSet.of(uses);
  }

  /** One reference output, held against both ways. */
  private record Compared(
      GoldenTensors tensors, ParitySettings settings, String name, String spelling) {

    void patched(UNet unet, AdapterSet set) {
      try (NDManager scope = settings.kernels().manager().newSubManager()) {
        set.stacked(LoraComponent.UNET)
            .forEach(
                (layer, stack) ->
                    unet.weights()
                        .patch(layer, tensor(scope, stack.down()), tensor(scope, stack.up())));
        compare(scope, unet, AdapterTerms.none(), spelling + " in the weights");
      } finally {
        set.stacked(LoraComponent.UNET).keySet().forEach(unet.weights()::restore);
      }
    }

    void terms(UNet unet, AdapterSet set) {
      try (NDManager scope = settings.kernels().manager().newSubManager()) {
        Map<String, NDArray> factors = new HashMap<>();
        set.stacked(LoraComponent.UNET)
            .forEach(
                (layer, stack) -> {
                  factors.put(layer + ".down", inType(scope, stack.down()));
                  factors.put(layer + ".up", inType(scope, stack.up()));
                });
        int rows = (int) tensors.shape("sample")[0];
        try (KernelWeights weights = KernelWeights.of(factors);
            AdapterTerms terms =
                AdapterTerms.of(List.of(weights), List.of(new AdapterTerms.Rows(0, 0, 0, rows)))) {
          compare(scope, unet, terms, spelling + " as terms");
        }
      }
    }

    private void compare(NDManager scope, UNet unet, AdapterTerms terms, String note) {
      NDArray out = unet.forward(scope, UNetParity.input(scope, tensors, unet, terms)).group(0);
      tensors.compareAs(name + note, name, out.toFloatArray());
    }

    private NDArray inType(NDManager scope, HostTensor tensor) {
      return settings
          .kernels()
          .kernel("cast")
          .call("to_type")
          .tensor(tensor(scope, tensor))
          .integer(settings.computeType().torchType())
          .run(scope);
    }

    private static NDArray tensor(NDManager scope, HostTensor tensor) {
      return scope.create(tensor.data(), new Shape(tensor.shape()));
    }
  }
}
