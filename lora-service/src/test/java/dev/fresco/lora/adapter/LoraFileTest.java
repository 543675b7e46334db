package dev.fresco.lora.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.checkpoint.SafetensorsHeader;
import dev.fresco.lora.TestAdapters;
import dev.fresco.platform.web.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LoraFileTest {
  private static final String PEFT = "unet.mid.to_q";
  private static final String SAYS = "modelspec.architecture";
  private static final String KOHYA = "lora_unet_mid_to_q";

  private static AdapterDescription describe(byte[] file) throws IOException {
    return LoraFile.describe(
        TensorListing.read(
            new ByteArrayInputStream(file), file.length, SafetensorsHeader.FORMAT_LIMIT));
  }

  private static TestAdapters peft() {
    return new TestAdapters()
        .with(PEFT + ".lora_A.weight", 4, 6)
        .with(PEFT + ".lora_B.weight", 5, 4);
  }

  private static TestAdapters kohya() {
    return new TestAdapters()
        .with(KOHYA + ".lora_down.weight", 4, 6, 3, 3)
        .with(KOHYA + ".lora_up.weight", 5, 4, 1, 1);
  }

  static Stream<Arguments> realFiles() {
    return Stream.of(
        Arguments.of(TestAdapters.PEFT, "peft", 4, List.of("unet"), 32),
        Arguments.of(TestAdapters.KOHYA, "kohya", 8, List.of("text_encoder", "unet"), 52),
        Arguments.of(TestAdapters.KOHYA_SDXL, "kohya", 4, List.of("unet"), 64));
  }

  @ParameterizedTest
  @MethodSource("realFiles")
  void describesFilesThatDiffusersMade(
      String file, String format, int rank, List<String> targets, int layers) throws IOException {
    assertThat(describe(TestAdapters.resource(file)))
        .isEqualTo(new AdapterDescription(format, null, List.of(rank), targets, layers, null));
  }

  @Test
  void collectsRanksTargetsAndBaseModel() throws IOException {
    byte[] file =
        kohya()
            .with("lora_te1_a.lora_down.weight", 2, 6)
            .with("lora_te1_a.lora_up.weight", 6, 2)
            .with("lora_te1_a.alpha")
            .with("lora_te2_a.lora_down.weight", 4, 6)
            .with("lora_te2_a.lora_up.weight", 6, 4)
            .with("lora_te2_a.alpha", 1)
            .metadata("ss_base_model_version", "sdxl_base_v1-0")
            .bytes();
    assertThat(describe(file))
        .isEqualTo(
            new AdapterDescription(
                "kohya",
                "sdxl_base_v1-0",
                List.of(2, 4),
                List.of("text_encoder", "text_encoder_2", "unet"),
                3,
                "stable-diffusion-xl"));
  }

  @ParameterizedTest
  @CsvSource({
    "unet.a, , ",
    "unet.a, sd_v1, stable-diffusion",
    "unet.a, stable-diffusion-v2-768-v/lora, stable-diffusion",
    "unet.a, stable-diffusion-xl-v1-base/lora, stable-diffusion-xl",
    "unet.a, sd3-medium, ",
    "text_encoder_2.a, , stable-diffusion-xl",
    "text_encoder_2.a, sd_v1, stable-diffusion-xl",
    "transformer.a, , flux",
    "unet.a, flux-1-dev/lora, flux",
  })
  void tellsTheFamilyWhereSomethingNamesIt(String layer, String says, String family)
      throws IOException {
    TestAdapters file =
        new TestAdapters()
            .with(layer + ".lora_A.weight", 4, 6)
            .with(layer + ".lora_B.weight", 5, 4);
    byte[] bytes = says == null ? file.bytes() : file.metadata(SAYS, says).bytes();
    assertThat(describe(bytes).family()).isEqualTo(family);
  }

  @Test
  void tellsFluxInTheSpellingOfKohya() throws IOException {
    byte[] file =
        new TestAdapters()
            .with("lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight", 4, 6)
            .with("lora_unet_double_blocks_0_img_attn_qkv.lora_up.weight", 5, 4)
            .bytes();
    assertThat(describe(file).family()).isEqualTo("flux");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(new TestAdapters(), "holds no tensors"),
        Arguments.of(new TestAdapters().with("unet.a.lora_A.weight", 4, 6), "lacks", "up half"),
        Arguments.of(new TestAdapters().with("unet.a.lora_B.weight", 4, 6), "lacks", "down half"),
        Arguments.of(kohya().with("lora_unet_b.alpha"), "lora_unet_b.alpha", "lacks"),
        Arguments.of(kohya().with(KOHYA + ".alpha", 2), KOHYA + ".alpha", "one number"),
        Arguments.of(
            new TestAdapters()
                .with(PEFT + ".lora_A.weight", 4, 6)
                .with(PEFT + ".lora_B.weight", 5, 3),
            PEFT + ".lora_B.weight",
            "of rank 3, beside [4, 6], of rank 4"),
        Arguments.of(
            new TestAdapters()
                .with(PEFT + ".lora_A.weight", 4, 6, 3, 3)
                .with(PEFT + ".lora_B.weight", 5, 4),
            PEFT + ".lora_B.weight",
            "beside [4, 6, 3, 3]"),
        Arguments.of(
            new TestAdapters()
                .with(PEFT + ".lora_A.weight", 4, 6, 3, 3)
                .with(PEFT + ".lora_B.weight", 5, 4, 3, 3),
            PEFT + ".lora_B.weight",
            "[5, 4, 3, 3]"),
        Arguments.of(
            new TestAdapters().with(PEFT + ".lora_A.weight", 4).with(PEFT + ".lora_B.weight", 4),
            PEFT + ".lora_A.weight",
            "2 or 4 dimensions"),
        Arguments.of(
            new TestAdapters()
                .with(PEFT + ".lora_A.weight", 0, 4)
                .with(PEFT + ".lora_B.weight", 4, 0),
            PEFT + ".lora_A.weight",
            "out of range"),
        Arguments.of(kohya().with(KOHYA + ".hada_w1_a", 2, 2), KOHYA + ".hada_w1_a", "LoHa"),
        Arguments.of(kohya().with(KOHYA + ".lokr_w1", 2, 2), KOHYA + ".lokr_w1", "LoKr"),
        Arguments.of(kohya().with(KOHYA + ".oft_blocks", 2, 2), KOHYA + ".oft_blocks", "OFT"),
        Arguments.of(kohya().with(KOHYA + ".dora_scale", 2), KOHYA + ".dora_scale", "DoRA"),
        Arguments.of(kohya().with(KOHYA + ".lora_mid.weight", 4, 4), "lora_mid", "LyCORIS"),
        Arguments.of(peft().with(KOHYA + ".lora_up.weight", 4, 4), PEFT, "KOHYA"),
        Arguments.of(peft().with("vae.a.lora_A.weight", 4, 4), "vae.a.lora_A.weight", "spelt"),
        Arguments.of(new TestAdapters().with("conv_in.weight", 4), "conv_in.weight", "neither"),
        Arguments.of(new TestAdapters().with("unet.lora_A.weight", 4, 4), "unet.lora_A.weight"));
  }

  static Stream<Arguments> table() {
    return refusals()
        .map(
            row -> {
              Object[] cells = row.get();
              String[] said = Stream.of(cells).skip(1).toArray(String[]::new);
              return Arguments.of(String.join(" ", said), cells[0], said);
            });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void refusesWhatIsNoLora(String name, TestAdapters file, String[] said) {
    assertThatThrownBy(() -> describe(file.bytes()))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("file ")
        .hasMessageContainingAll(said);
  }

  @Test
  void refusesLayersOfWholeNumbers() {
    String header =
        "{\"unet.a.lora_A.weight\":{\"dtype\":\"I8\",\"shape\":[2,2],\"data_offsets\":[0,4]}}";
    assertThatThrownBy(() -> describe(TestAdapters.file(header, 4)))
        .hasMessageContainingAll("unet.a.lora_A.weight", "I8");
  }
}
