package dev.fresco.engine.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Kohya's names against what diffusers takes them for. */
class LayerNamesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"sdxl", "sdxl-tiny", "flux"})
  void everyOriginalNameLeadsWhereDiffusersTakesIt(String model) {
    Map<LoraComponent, NetworkLayers> networks = FixtureNetworks.inTable(model);
    LoraComponent component = networks.keySet().iterator().next();
    NetworkLayers network = networks.get(component);
    LayerNames names = new LayerNames(component, network);

    for (Map.Entry<String, JsonNode> entry : FixtureNetworks.names(model).properties()) {
      List<String> expected = entry.getValue().valueStream().map(JsonNode::stringValue).toList();
      LoraSpelling.Key key = LoraSpelling.KOHYA.read(entry.getKey() + ".alpha").orElseThrow();
      assertThat(key.component()).as(entry.getKey()).isEqualTo(component);
      assertThat(names.find(LoraSpelling.KOHYA, key.layer()).orElseThrow().paths())
          .as(entry.getKey())
          .isEqualTo(expected);
    }
    for (String path : network.shapes().keySet()) {
      assertThat(names.find(LoraSpelling.KOHYA, path.replace('.', '_')))
          .as(path)
          .contains(LayerTarget.of(path));
      assertThat(names.find(LoraSpelling.PEFT, path)).as(path).contains(LayerTarget.of(path));
    }
  }

  @Test
  void aWholeFileOfOriginalNamesChangesEveryLayer() {
    Map<LoraComponent, NetworkLayers> networks = FixtureNetworks.inTable("sdxl");
    SortedMap<String, long[]> shapes = networks.get(LoraComponent.UNET).shapes();
    LoraFileMaker maker = new LoraFileMaker();
    for (Map.Entry<String, JsonNode> entry : FixtureNetworks.names("sdxl").properties()) {
      maker.kohya(entry.getKey(), 2, shapes.get(entry.getValue().get(0).stringValue()));
    }

    LoraAdapter adapter = new LoraReader(networks).read(maker.writeTo(folder));

    assertThat(adapter.layers(LoraComponent.UNET).keySet()).isEqualTo(shapes.keySet());
    adapter
        .layers(LoraComponent.UNET)
        .forEach(
            (path, low) -> {
              assertThat(low.up().shape()[0]).isEqualTo(shapes.get(path)[0]);
              assertThat(Arrays.copyOfRange(low.down().shape(), 1, low.down().shape().length))
                  .isEqualTo(Arrays.copyOfRange(shapes.get(path), 1, shapes.get(path).length));
            });
  }

  /** A stage without attentions has its upsampler second, one with attentions third. */
  @ParameterizedTest
  @CsvSource({
    "output_blocks_1_1_conv, up_blocks.0.upsamplers.0.conv",
    "output_blocks_3_2_conv, up_blocks.1.upsamplers.0.conv",
    "output_blocks_3_1_proj_in, up_blocks.1.attentions.1.proj_in",
    "output_blocks_2_0_in_layers_2, up_blocks.1.resnets.0.conv1"
  })
  void upsamplersShareTheLastBlockOfTheirStage(String name, String path) {
    SortedMap<String, long[]> shapes = new TreeMap<>();
    for (int stage = 0; stage < 2; stage++) {
      for (int i = 0; i < 2; i++) {
        shapes.put("up_blocks." + stage + ".resnets." + i + ".conv1", new long[] {4, 4, 3, 3});
      }
      shapes.put("up_blocks." + stage + ".upsamplers.0.conv", new long[] {4, 4, 3, 3});
    }
    shapes.put("up_blocks.1.attentions.1.proj_in", new long[] {4, 4});

    assertThat(
            new LayerNames(LoraComponent.UNET, new NetworkLayers(shapes))
                .find(LoraSpelling.KOHYA, name))
        .contains(LayerTarget.of(path));
  }

  @Test
  void aNameThatTwoLayersShareIsRefused() {
    SortedMap<String, long[]> shapes = new TreeMap<>();
    shapes.put("mid_block.to_q", new long[] {4, 6});
    shapes.put("mid.block.to_q", new long[] {4, 6});
    LoraReader reader = new LoraReader(Map.of(LoraComponent.UNET, new NetworkLayers(shapes)));
    Path file = new LoraFileMaker().kohya("lora_unet_mid_block_to_q", 2, 4, 6).writeTo(folder);

    assertThatThrownBy(() -> reader.read(file))
        .isInstanceOf(LoraRefusedException.class)
        .hasMessageContainingAll("lora_unet_mid_block_to_q.lora_down.weight", "several layers");
  }

  @Test
  void aFusedLayerIsDividedByRows() {
    LoraReader reader = new LoraReader(FixtureNetworks.inTable("flux"));
    Path file =
        new LoraFileMaker()
            .with("lora_unet_single_blocks_1_linear1.lora_down.weight", 3, 32)
            .counting("lora_unet_single_blocks_1_linear1.lora_up.weight", 224, 3)
            .filled("lora_unet_single_blocks_1_linear1.alpha", 6)
            .writeTo(folder);

    Map<String, LowRank> layers = reader.read(file).layers(LoraComponent.TRANSFORMER);

    String block = "single_transformer_blocks.1.";
    assertThat(layers.keySet())
        .containsExactly(
            block + "attn.to_k", block + "attn.to_q", block + "attn.to_v", block + "proj_mlp");
    assertThat(layers.values())
        .allSatisfy(low -> assertThat(low.scale()).isEqualTo(2))
        .allSatisfy(low -> assertThat(low.down()).isSameAs(layers.get(block + "proj_mlp").down()));
    assertThat(layers.get(block + "attn.to_q").up().data()).hasSize(96).startsWith(1, 2, 3);
    assertThat(layers.get(block + "attn.to_k").up().data()).hasSize(96).startsWith(97);
    assertThat(layers.get(block + "attn.to_v").up().data()).hasSize(96).startsWith(193);
    assertThat(layers.get(block + "proj_mlp").up().data()).hasSize(384).startsWith(289);
  }

  @Test
  void theLastModulationHasItsHalvesSwapped() {
    LoraReader reader = new LoraReader(FixtureNetworks.inTable("flux"));
    String name = "lora_unet_final_layer_adaLN_modulation_1";
    Path file =
        new LoraFileMaker()
            .with(name + ".lora_down.weight", 1, 32)
            .counting(name + ".lora_up.weight", 64, 1)
            .writeTo(folder);

    LowRank low = reader.read(file).layers(LoraComponent.TRANSFORMER).get("norm_out.linear");

    assertThat(low.up().data()).startsWith(33, 34).endsWith(31, 32).contains(64, 1);
  }
}
