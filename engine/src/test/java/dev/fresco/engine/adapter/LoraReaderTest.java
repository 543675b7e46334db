package dev.fresco.engine.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.GoldenTensors;
import dev.fresco.engine.checkpoint.SafetensorsBytes;
import dev.fresco.engine.checkpoint.StoredType;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LoraReaderTest {
  private static final Path PEFT = GoldenTensors.path("lora/sd15-tiny-b.peft.safetensors");
  private static final String CONV = "unet.down_blocks.0.resnets.0.conv1";
  private static final String LINEAR = "unet.mid_block.attentions.0.transformer_blocks.0.ff.net.2";
  private static final String PIXEL = "unet.mid_block.attentions.0.proj_in";

  private final LoraReader reader = new LoraReader(FixtureNetworks.sd15());

  @TempDir Path folder;

  static Stream<Arguments> spellings() {
    return Stream.of(
        Arguments.of(
            "without the UNet's prefix",
            (UnaryOperator<String>) key -> key.startsWith("unet.") ? key.substring(5) : key),
        Arguments.of(
            "text encoder without text_model",
            (UnaryOperator<String>) key -> key.replace("text_model.", "")),
        Arguments.of("diffusers", (UnaryOperator<String>) LoraReaderTest::diffusers),
        Arguments.of("old diffusers", (UnaryOperator<String>) LoraReaderTest::oldDiffusers),
        Arguments.of(
            "old diffusers without prefix",
            (UnaryOperator<String>)
                key ->
                    key.startsWith("unet.") ? oldDiffusers(key).substring(5) : oldDiffusers(key)),
        Arguments.of("kohya", (UnaryOperator<String>) key -> kohya(key, "lora_te_")),
        Arguments.of(
            "kohya with a numbered text encoder",
            (UnaryOperator<String>) key -> kohya(key, "lora_te1_")));
  }

  private static String diffusers(String key) {
    String half = key.startsWith("text") ? "lora_linear_layer" : "lora";
    return key.replace("lora_A", half + ".down").replace("lora_B", half + ".up");
  }

  private static String oldDiffusers(String key) {
    String old = key.replace("to_out.0.lora", "to_out.lora").replace("_proj.lora_", ".lora_");
    return old.contains("attn")
        ? old.replaceAll("\\.self_attn\\.(q|k|v|out)\\.", ".self_attn.to_$1.")
            .replaceAll("(attn[12])\\.", "$1.processor.")
            .replace(".lora_A", "_lora.down")
            .replace(".lora_B", "_lora.up")
        : diffusers(key);
  }

  private static String kohya(String key, String textPrefix) {
    int suffix = key.indexOf(".lora_");
    String name = key.substring(0, suffix).replace('.', '_');
    return name.replaceFirst("^unet_", "lora_unet_").replaceFirst("^text_encoder_", textPrefix)
        + key.substring(suffix).replace("lora_A", "lora_down").replace("lora_B", "lora_up");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spellings")
  void oneAdapterInManySpellings(String name, UnaryOperator<String> spelling) {
    SafetensorsBytes other = SafetensorsBytes.copyOf(PEFT).renamed(spelling);
    assertThat(other.names()).isNotEqualTo(SafetensorsBytes.copyOf(PEFT).names());

    requireSame(reader.read(write(other)), reader.read(PEFT));
  }

  private static void requireSame(LoraAdapter read, LoraAdapter expected) {
    assertThat(read.layers().keySet()).isEqualTo(expected.layers().keySet());
    expected
        .layers()
        .forEach(
            (component, layers) -> {
              assertThat(read.layers(component).keySet()).isEqualTo(layers.keySet());
              layers.forEach(
                  (path, low) ->
                      assertThat(read.layers(component).get(path))
                          .usingRecursiveComparison()
                          .as(path)
                          .isEqualTo(low));
            });
  }

  @ParameterizedTest
  @EnumSource(names = {"F16", "BF16", "F64"})
  void readsEveryFloat(StoredType type) {
    LowRank exact = reader.read(PEFT).layers(LoraComponent.UNET).values().iterator().next();
    LoraAdapter read = reader.read(write(SafetensorsBytes.copyOf(PEFT).as(type)));

    float[] numbers = read.layers(LoraComponent.UNET).values().iterator().next().down().data();
    for (int i = 0; i < numbers.length; i++) {
      assertThat(numbers[i]).isCloseTo(exact.down().data()[i], within(type));
    }
  }

  private static org.assertj.core.data.Offset<Float> within(StoredType type) {
    return org.assertj.core.data.Offset.offset(
        switch (type) {
          case F16 -> 2e-3f;
          case BF16 -> 2e-2f;
          default -> 0f;
        });
  }

  @Test
  void takesConvolutions() {
    Path file = write(peft(CONV, 2, 32, 32, 3, 3));

    LowRank low = only(reader.read(file));

    assertThat(low.down().shape()).containsExactly(2, 32, 3, 3);
    assertThat(low.up().shape()).containsExactly(32, 2, 1, 1);
  }

  @ParameterizedTest
  @CsvSource({PIXEL + ", 64, 64", LINEAR + ", 64, 256"})
  void aConvolutionOfOnePixelIsALinearLayer(String layer, long out, long in) {
    long[] weight = FixtureNetworks.sd15().get(LoraComponent.UNET).shapes().get(layer.substring(5));
    LowRank flat = only(reader.read(write(peft(layer, 2, out, in))));
    LowRank deep = only(reader.read(write(peft(layer, 2, out, in, 1, 1))));

    assertThat(flat.down().shape()).hasSameSizeAs(weight).isEqualTo(deep.down().shape());
    assertThat(flat.up().shape()).hasSameSizeAs(weight).isEqualTo(deep.up().shape());
    assertThat(flat.up().data()).isEqualTo(deep.up().data());
  }

  @Test
  void alphaIsPerLayer() {
    Path file =
        write(
            peft(LINEAR, 2, 64, 256)
                .filled(LINEAR + ".alpha", 3, 1)
                .with(CONV + ".lora_A.weight", 4, 32, 3, 3)
                .with(CONV + ".lora_B.weight", 32, 4, 1, 1)
                .filled(CONV + ".alpha", -1));

    Map<String, LowRank> layers = reader.read(file).layers(LoraComponent.UNET);

    assertThat(layers.get(LINEAR.substring(5)).scale()).isEqualTo(1.5);
    assertThat(layers.get(CONV.substring(5)).scale()).isEqualTo(-0.25);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"unet.lora_alpha\": 8, \"unet.r\": 2}; 4",
        "{\"unet.lora_alpha\": 8, \"unet.use_rslora\": true}; 4",
        "{\"unet.lora_alpha\": 8, \"unet.alpha_pattern\": {\"net.0\": 3, \"ff.net.2\": 6}}; 3",
        "{\"unet.lora_alpha\": 8, \"unet.alpha_pattern\": {\"f.net.2\": 6}}; 4",
        "{\"text_encoder.lora_alpha\": 8}; 1",
        "{}; 1"
      })
  void alphasMayStandInTheMetadata(String json, double scale) {
    int rank = json.contains("rslora") ? 4 : 2;
    Path file = write(peft(LINEAR, rank, 64, 256).metadata("lora_adapter_metadata", json));

    assertThat(only(reader.read(file)).scale()).isEqualTo(scale);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[; is no JSON",
        "[]; no JSON object",
        "{\"unet.lora_alpha\": \"x\"}; unet.lora_alpha",
        "{\"unet.lora_alpha\": 1e999}; unet.lora_alpha",
        "{\"unet.lora_alpha\": 1, \"unet.alpha_pattern\": {\"(a+)+$\": 6}}; unet.alpha_pattern",
        "{\"unet.lora_alpha\": 1, \"unet.use_dora\": true}; use_dora"
      })
  void metadataThatMakesNoSenseIsRefused(String json, String said) {
    Path file = write(peft(LINEAR, 2, 64, 256).metadata("lora_adapter_metadata", json));

    assertThatThrownBy(() -> reader.read(file))
        .isInstanceOf(LoraRefusedException.class)
        .hasMessageContainingAll(file.toString(), "lora_adapter_metadata", said);
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(new LoraFileMaker(), "holds no tensors"),
        Arguments.of(
            peft("unet.mid_block.attentions.7.proj_in", 2, 4, 4), "attentions.7.proj_in.lora_A"),
        Arguments.of(peft("unet.conv_in.more", 2, 4, 4), "the unet does not have"),
        Arguments.of(peft("transformer.x_embedder", 2, 4, 4), "x_embedder", "[unet, text_encoder]"),
        Arguments.of(peft("text_encoder_2.text_projection", 2, 4, 4), "text_encoder_2"),
        Arguments.of(peft("text_encoder.text_model", 2, 4, 4), "text_encoder.text_model.lora_A"),
        Arguments.of(peft(LINEAR, 2, 64, 255), LINEAR, "[2, 255]", "[64, 256]"),
        Arguments.of(peft(LINEAR, 2, 65, 256), LINEAR, "[65, 2]"),
        Arguments.of(peft(LINEAR, 2, 64, 256, 3, 3), LINEAR, "[2, 256, 3, 3]"),
        Arguments.of(peft(CONV, 2, 32, 32), CONV, "[32, 32, 3, 3]"),
        Arguments.of(peft(CONV, 2, 32, 32, 1, 1), CONV, "[32, 32, 3, 3]"),
        Arguments.of(peft(LINEAR, 1025, 64, 256), LINEAR, "1025", "1024"),
        Arguments.of(new LoraFileMaker().with(LINEAR + ".lora_A.weight", 2, 256), "up half"),
        Arguments.of(new LoraFileMaker().with(LINEAR + ".lora_B.weight", 64, 2), "down half"),
        Arguments.of(new LoraFileMaker().with(LINEAR + ".alpha"), LINEAR + ".alpha", "lacks"),
        Arguments.of(peft(LINEAR, 2, 64, 256).with(LINEAR + ".lora_magnitude_vector", 64), "DoRA"),
        Arguments.of(peft(LINEAR, 2, 64, 256).with("lora_unet_a.hada_w1_a", 2, 2), "LoHa"),
        Arguments.of(peft(LINEAR, 2, 64, 256).with("lora_unet_a.lokr_w1", 2, 2), "LoKr"),
        Arguments.of(peft(LINEAR, 2, 64, 256).with("lora_unet_a.oft_blocks", 2), "OFT"),
        Arguments.of(peft(LINEAR, 2, 64, 256).with("lora_unet_a.on_input"), "IA3"),
        Arguments.of(peft(LINEAR, 2, 64, 256).with("lora_unet_a.lora_mid.weight", 2), "Tucker"),
        Arguments.of(peft(LINEAR, 2, 64, 256).with(LINEAR + ".lora_B.bias", 64), "lora_B.bias"),
        Arguments.of(peft(LINEAR, 2, 64, 256).with("step", 1), "key step"),
        Arguments.of(
            peft(LINEAR, 2, 64, 256).kohya("lora_unet_conv_in", 2, 32, 4, 3, 3), "other keys"),
        Arguments.of(
            peft(LINEAR, 2, 64, 256)
                .with(LINEAR.substring(5) + ".lora_A.weight", 2, 256)
                .with(LINEAR.substring(5) + ".lora_B.weight", 64, 2),
            "says the same"),
        Arguments.of(
            new LoraFileMaker()
                .kohya("lora_unet_conv_in", 2, 32, 4, 3, 3)
                .kohya("lora_unet_input_blocks_0_0", 2, 32, 4, 3, 3),
            "lora_unet_input_blocks_0_0",
            "conv_in, and so does lora_unet_conv_in"),
        Arguments.of(
            new LoraFileMaker()
                .with(LINEAR + ".lora_A.weight", 2, 256)
                .filled(LINEAR + ".lora_B.weight", Float.NaN, 64, 2),
            LINEAR + ".lora_B.weight",
            "not finite"),
        Arguments.of(
            new LoraFileMaker()
                .filled(LINEAR + ".lora_A.weight", Float.NEGATIVE_INFINITY, 2, 256)
                .with(LINEAR + ".lora_B.weight", 64, 2),
            LINEAR + ".lora_A.weight",
            "not finite"),
        Arguments.of(
            peft(LINEAR, 2, 64, 256).filled(LINEAR + ".alpha", Float.NaN),
            LINEAR + ".alpha",
            "not finite"),
        Arguments.of(peft(LINEAR, 2, 64, 256).with(LINEAR + ".alpha", 2), "one number"));
  }

  @ParameterizedTest
  @MethodSource("table")
  void refusesWithTheKey(LoraFileMaker maker, String[] said) {
    Path file = write(maker);

    assertThatThrownBy(() -> reader.read(file))
        .isInstanceOf(LoraRefusedException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContainingAll(said);
  }

  static Stream<Arguments> table() {
    return refusals()
        .map(
            row -> Arguments.of(row.get()[0], Stream.of(row.get()).skip(1).toArray(String[]::new)));
  }

  @Test
  void whatWouldFillTheHeapIsRefused() {
    Path file = write(peft(LINEAR, 2, 64, 256));

    assertThatThrownBy(() -> new LoraReader(FixtureNetworks.sd15(), 2559).read(file))
        .hasMessageContainingAll(file.toString(), "2560 bytes", "2559", "-Xmx");
    assertThat(only(new LoraReader(FixtureNetworks.sd15(), 2560).read(file)).rank()).isEqualTo(2);
  }

  @Test
  void aVeryLongKeyIsCutInTheMessage() {
    Path file = write(new LoraFileMaker().with("k".repeat(100_000), 2, 2));

    assertThatThrownBy(() -> reader.read(file))
        .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(1000));
  }

  private Path write(LoraFileMaker maker) {
    return maker.writeTo(folder);
  }

  private Path write(SafetensorsBytes bytes) {
    return bytes.writeTo(folder.resolve("other.safetensors"));
  }

  /** Both halves for a weight of this shape, in PEFT's names. */
  private static LoraFileMaker peft(String layer, int rank, long... weight) {
    long[] inner = weight.clone();
    inner[0] = rank;
    long[] outer = weight.length == 2 ? new long[2] : new long[] {0, 0, 1, 1};
    outer[0] = weight[0];
    outer[1] = rank;
    return new LoraFileMaker()
        .with(layer + ".lora_A.weight", inner)
        .with(layer + ".lora_B.weight", outer);
  }

  private static LowRank only(LoraAdapter adapter) {
    Map<String, LowRank> all = new TreeMap<>();
    adapter.layers().values().forEach(all::putAll);
    assertThat(all).hasSize(1);
    return all.values().iterator().next();
  }
}
