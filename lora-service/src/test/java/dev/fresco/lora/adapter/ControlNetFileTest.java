package dev.fresco.lora.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.checkpoint.SafetensorsHeader;
import dev.fresco.lora.TestAdapters;
import dev.fresco.platform.web.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlNetFileTest {
  private static AdapterDescription describe(TestAdapters tensors, String config)
      throws IOException {
    byte[] file = tensors.bytes();
    return ControlNetFile.describe(
        TensorListing.read(
            new ByteArrayInputStream(file), file.length, SafetensorsHeader.FORMAT_LIMIT),
        config.getBytes(StandardCharsets.UTF_8));
  }

  private static String config() {
    return new String(TestAdapters.controlNetConfig(), StandardCharsets.UTF_8);
  }

  @Test
  void describesAControlNet() throws IOException {
    assertThat(describe(TestAdapters.controlNet(), config()))
        .isEqualTo(
            new AdapterDescription(
                "controlnet", null, List.of(), List.of("unet"), 5, "stable-diffusion"));
  }

  @Test
  void tellsTheFamilyByWhatItIsToldBesides() throws IOException {
    String config = config().replace("{", "{\"addition_embed_type\": \"text_time\", ");
    assertThat(describe(TestAdapters.controlNet(), config).family())
        .isEqualTo("stable-diffusion-xl");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "\"ControlNetModel\"; \"UNet2DConditionModel\"; _class_name",
        "[4, 8]; [4, 16]; controlnet_down_blocks.3.weight",
        "[4, 8]; []; block_out_channels",
        "[4, 8]; [4, 0]; it must be a size",
        "\"layers_per_block\": 1; \"layers_per_block\": 2; [4, 4, 1, 1]",
        "[4, 8]; [4]; controlnet_down_blocks.2.weight, which is one more",
        "\"in_channels\": 4; \"in_channels\": 9; conv_in.weight",
        "\"conditioning_channels\": 3; \"conditioning_channels\": 1; cond_embedding",
        "{; [; is not JSON",
      })
  void refusesAConfigThatIsNotTheFiles(String from, String to, String said) {
    assertThatThrownBy(() -> describe(TestAdapters.controlNet(), config().replace(from, to)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(said);
  }

  @Test
  void refusesOtherCheckpoints() {
    assertThatThrownBy(
            () -> describe(TestAdapters.controlNet().with("up_blocks.0.weight", 4), config()))
        .hasMessageContaining("up_blocks.0.weight");
    assertThatThrownBy(() -> describe(new TestAdapters(), config()))
        .hasMessageContaining("lacks the key conv_in.weight");
  }
}
