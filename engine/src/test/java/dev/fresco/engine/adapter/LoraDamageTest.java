package dev.fresco.engine.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.GoldenTensors;
import dev.fresco.engine.checkpoint.SafetensorsBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Whatever a file holds, it is an adapter that fits or is refused with an {@link EngineException}.
 */
class LoraDamageTest {
  private static final List<Map<LoraComponent, NetworkLayers>> MODELS =
      List.of(FixtureNetworks.sd15(), FixtureNetworks.inTable("flux"));
  private static final List<LoraReader> READERS = MODELS.stream().map(LoraReader::new).toList();
  private static final SafetensorsBytes SOUND =
      SafetensorsBytes.copyOf(GoldenTensors.path("lora/sd15-tiny-b.kohya.safetensors"));

  private static Path file;

  @BeforeContainer
  static void makeFile() throws IOException {
    file = Files.createTempFile("damaged", ".safetensors");
  }

  @AfterContainer
  static void removeFile() throws IOException {
    Files.delete(file);
  }

  record Tensor(String key, long[] shape) {}

  @Provide
  static Arbitrary<Tensor> tensors() {
    Arbitrary<String> prefixes =
        Arbitraries.of(
            "unet.",
            "transformer.",
            "text_encoder.",
            "text_encoder.text_model",
            "",
            "lora_unet_",
            "lora_te_",
            "lora_te2_",
            "lora_te1_text_model",
            "vae.");
    Arbitrary<String> layers =
        Arbitraries.of(
            "conv_in",
            "mid_block.attentions.0.proj_in",
            "mid_block_attentions_0_proj_in",
            "input_blocks_0_0",
            "middle_block_1_proj_in",
            "output_blocks_999_0_in_layers_2",
            "double_blocks_0_img_attn_qkv",
            "single_blocks_0_linear1",
            "x_embedder",
            "",
            ".",
            "_",
            "final_layer_adaLN_modulation_1",
            "encoder.layers.0.mlp.fc1",
            "\u0000",
            "../..");
    Arbitrary<String> suffixes =
        Arbitraries.of(
            ".lora_A.weight",
            ".lora_B.weight",
            ".lora_down.weight",
            ".lora_up.weight",
            ".alpha",
            ".lora.down.weight",
            "_lora.up.weight",
            ".lora_linear_layer.up.weight",
            ".hada_w1_a",
            ".weight",
            "");
    Arbitrary<long[]> shapes =
        Arbitraries.of(0L, 1L, 2L, 3L, 4L, 16L, 32L, 64L, 96L)
            .array(long[].class)
            .ofMinSize(0)
            .ofMaxSize(4)
            .filter(LoraDamageTest::small);
    return Combinators.combine(prefixes, layers, suffixes, shapes)
        .as((prefix, layer, suffix, shape) -> new Tensor(prefix + layer + suffix, shape));
  }

  private static boolean small(long[] shape) {
    long places = 1;
    for (long size : shape) {
      places *= size;
    }
    return places <= 10_000;
  }

  @Property(tries = 400)
  void randomKeysAndShapes(
      @ForAll @Size(min = 1, max = 6) List<@net.jqwik.api.From("tensors") Tensor> tensors) {
    LoraFileMaker maker = new LoraFileMaker();
    tensors.forEach(tensor -> maker.with(tensor.key().replace("\u0000", ""), tensor.shape()));
    readsOrRefuses(maker.bytes().bytes());
  }

  @Provide
  static Arbitrary<List<Tensor>> pairs() {
    Arbitrary<Long> sizes = Arbitraries.of(1L, 2L, 4L, 16L, 32L, 64L, 96L, 224L);
    Arbitrary<String> names =
        Arbitraries.of(
            "lora_unet_conv_in",
            "lora_unet_double_blocks_0_img_attn_qkv",
            "lora_unet_img_in",
            "lora_unet_single_blocks_1_linear1",
            "lora_te_text_model_encoder_layers_0_mlp_fc1",
            "lora_unet_final_layer_adaLN_modulation_1",
            "lora_unet_mid_block_attentions_0_proj_in");
    return Combinators.combine(names, sizes, sizes, sizes, Arbitraries.of(0, 1, 3))
        .as(
            (name, out, in, rank, kernel) ->
                List.of(
                    new Tensor(
                        name + ".lora_down.weight",
                        kernel == 0
                            ? new long[] {rank, in}
                            : new long[] {rank, in, kernel, kernel}),
                    new Tensor(
                        name + ".lora_up.weight",
                        kernel == 0 ? new long[] {out, rank} : new long[] {out, rank, 1, 1})));
  }

  @Property(tries = 400)
  void matchingHalvesOfAnyShape(@ForAll("pairs") List<Tensor> pair) {
    LoraFileMaker maker = new LoraFileMaker();
    pair.forEach(tensor -> maker.with(tensor.key(), tensor.shape()));
    readsOrRefuses(maker.bytes().bytes());
  }

  @Property(tries = 150)
  void changedBytes(@ForAll @Size(min = 1, max = 4) int[] places, @ForAll @Size(4) byte[] values) {
    byte[] bytes = SOUND.bytes();
    for (int i = 0; i < places.length; i++) {
      // Most of the file is numbers; the header is where the damage counts.
      int range = i % 2 == 0 ? 20_000 : bytes.length;
      bytes[Math.floorMod(places[i], range)] = values[i];
    }
    readsOrRefuses(bytes);
  }

  private static void readsOrRefuses(byte[] bytes) {
    SafetensorsBytes.write(file, bytes);
    for (int i = 0; i < READERS.size(); i++) {
      try {
        requireFitting(READERS.get(i).read(file), MODELS.get(i));
      } catch (EngineException refusal) {
        assertThat(refusal).hasMessageContaining(file.toString());
      }
    }
  }

  private static void requireFitting(
      LoraAdapter adapter, Map<LoraComponent, NetworkLayers> networks) {
    assertThat(adapter.layers()).isNotEmpty();
    adapter
        .layers()
        .forEach(
            (component, layers) -> {
              SortedMap<String, long[]> shapes = networks.get(component).shapes();
              layers.forEach(
                  (path, low) -> {
                    long[] weight = shapes.get(path);
                    long[] down = low.down().shape();
                    assertThat(low.up().shape()[0]).isEqualTo(weight[0]);
                    assertThat(low.up().shape()[1]).isEqualTo(down[0]).isBetween(1L, 1024L);
                    assertThat(down).hasSameSizeAs(weight);
                    for (int i = 1; i < weight.length; i++) {
                      assertThat(down[i]).isEqualTo(weight[i]);
                    }
                  });
            });
  }
}
