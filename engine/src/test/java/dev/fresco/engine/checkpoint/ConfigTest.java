package dev.fresco.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.UNetConfig.Stage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {
  @TempDir Path folder;

  @Test
  void anEmptyUNetConfigurationIsTheReferencesDefault() throws IOException {
    UNetConfig config = UNetConfig.read(json("{}"));

    assertThat(config.ends()).isEqualTo(new UNetConfig.Ends(4, 3, 4, 3));
    assertThat(config.time()).isEqualTo(new UNetConfig.Time(320, 1280, true, 0));
    assertThat(config.norm()).isEqualTo(new Normalisation(32, 1e-5));
    assertThat(config.crossAttention()).isEqualTo(new UNetConfig.CrossAttention(1280, false));
    assertThat(config.stages().down())
        .containsExactly(
            new Stage(320, 2, true, 1, 8, false),
            new Stage(640, 2, true, 1, 8, false),
            new Stage(1280, 2, true, 1, 8, false),
            new Stage(1280, 2, false, 1, 8, false));
    assertThat(config.stages().up())
        .containsExactly(
            new Stage(1280, 3, false, 1, 8, false),
            new Stage(1280, 3, true, 1, 8, false),
            new Stage(640, 3, true, 1, 8, false),
            new Stage(320, 3, true, 1, 8, false));
  }

  @Test
  void readsListsPerBlock() throws IOException {
    UNetConfig config =
        UNetConfig.read(
            json(
                """
                {"block_out_channels": [32, 64], "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D"],
                 "up_block_types": ["CrossAttnUpBlock2D", "UpBlock2D"], "layers_per_block": [1, 3],
                 "attention_head_dim": [2, 4], "transformer_layers_per_block": [1, 5],
                 "only_cross_attention": [false, true], "cross_attention_dim": 48, "num_class_embeds": null}
                """));

    assertThat(config.stages().down())
        .containsExactly(new Stage(32, 1, false, 1, 2, false), new Stage(64, 3, true, 5, 4, true));
    assertThat(config.stages().middle()).isEqualTo(new Stage(64, 2, true, 5, 4, false));
    assertThat(config.stages().up())
        .containsExactly(new Stage(64, 4, true, 5, 4, true), new Stage(32, 2, false, 1, 2, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"addition_embed_type\":\"image\"",
        "\"act_fn\":\"mish\"",
        "\"resnet_time_scale_shift\":\"scale_shift\"",
        "\"mid_block_type\":\"UNetMidBlock2DSimpleCrossAttn\"",
        "\"down_block_types\":[\"AttnDownBlock2D\",\"DownBlock2D\"]",
        "\"up_block_types\":[\"UpBlock2D\"]",
        "\"attention_head_dim\":[1,2,3,4]",
        "\"attention_head_dim\":7",
        "\"norm_num_groups\":33",
        "\"in_channels\":-4",
        "\"in_channels\":1e40",
        "\"layers_per_block\":\"two\"",
        "\"cross_attention_dim\":[1280,1280]",
        "\"time_cond_proj_dim\":256",
        "\"conv_in_kernel\":2",
        "\"norm_eps\":\"small\"",
        "\"use_linear_projection\":1"
      })
  void refusesUNetOptionsByKeyAndValue(String option) throws IOException {
    ConfigJson json = json("{\"block_out_channels\":[320,640]," + blocks(option) + option + "}");
    String[] keyAndValue = option.split(":", 2);

    assertThatThrownBy(() -> UNetConfig.read(json))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(keyAndValue[0].replace("\"", "") + " is ")
        .hasMessageContaining("supported: ");
  }

  private static String blocks(String option) {
    String down = "\"down_block_types\":[\"CrossAttnDownBlock2D\",\"DownBlock2D\"],";
    String up = "\"up_block_types\":[\"UpBlock2D\",\"CrossAttnUpBlock2D\"],";
    return (option.contains("down_block_types") ? "" : down)
        + (option.contains("up_block_types") ? "" : up);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "AutoencoderKL|\"latents_mean\":[0.1]",
        "AutoencoderKL|\"down_block_types\":[\"AttnDownEncoderBlock2D\"]",
        "AutoencoderKL|\"in_channels\":4",
        "AutoencoderKL|\"scaling_factor\":0",
        "AutoencoderTiny|\"act_fn\":\"gelu\"",
        "AutoencoderTiny|\"upsample_fn\":\"bilinear\"",
        "AutoencoderTiny|\"encoder_block_out_channels\":[8,16]",
        "AutoencoderTiny|\"num_decoder_blocks\":[1]",
        "CLIPTextModel|\"hidden_act\":\"relu\"",
        "CLIPTextModel|\"num_attention_heads\":7"
      })
  void refusesOtherOptionsByKeyAndValue(String network, String option) throws IOException {
    ConfigJson json = json("{" + option + "}");
    String key = option.split(":", 2)[0].replace("\"", "");

    assertThatThrownBy(
            () -> {
              switch (network) {
                case "AutoencoderKL" -> AutoencoderKlConfig.read(json);
                case "AutoencoderTiny" -> AutoencoderTinyConfig.read(json);
                default -> ClipTextConfig.read(json);
              }
            })
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(key + " is ");
  }

  @Test
  void anEmptyTransformerConfigurationIsTheReferencesDefault() throws IOException {
    FluxTransformerConfig config = FluxTransformerConfig.read(json("{}"));

    assertThat(config.ends()).isEqualTo(new FluxTransformerConfig.Ends(64, 64));
    assertThat(config.layers()).isEqualTo(new FluxTransformerConfig.Layers(19, 38));
    assertThat(config.heads().channels()).isEqualTo(3072);
    assertThat(config.conditions())
        .isEqualTo(new FluxTransformerConfig.Conditions(4096, 768, false));
    assertThat(config.rotaryAxes()).containsExactly(16, 56, 56);
  }

  @Test
  void aPatchMultipliesTheChannelsThatLeave() throws IOException {
    FluxTransformerConfig config =
        FluxTransformerConfig.read(
            json("{\"in_channels\":16,\"out_channels\":8,\"patch_size\":2}"));

    assertThat(config.ends()).isEqualTo(new FluxTransformerConfig.Ends(16, 32));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"axes_dims_rope\":[16,56]",
        "\"axes_dims_rope\":[16,56,58]",
        "\"axes_dims_rope\":[15,57,56]",
        "\"axes_dims_rope\":[]",
        "\"attention_head_dim\":127",
        "\"num_attention_heads\":0",
        "\"num_attention_heads\":16777216",
        "\"num_layers\":-1",
        "\"num_single_layers\":16000000",
        "\"patch_size\":100000",
        "\"guidance_embeds\":\"yes\""
      })
  void refusesTransformerOptionsByKeyAndValue(String option) throws IOException {
    ConfigJson json = json("{" + option + "}");
    String key = option.split(":", 2)[0].replace("\"", "");

    assertThatThrownBy(() -> FluxTransformerConfig.read(json))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(
            key.equals("attention_head_dim") ? "axes_dims_rope is " : key + " is ")
        .hasMessageContaining("supported: ");
  }

  @Test
  void refusesAnUnknownPipeline() throws IOException {
    write("model_index.json", "{\"_class_name\":\"KandinskyPipeline\"}");
    assertThatThrownBy(() -> ModelDirectory.open(folder))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(
            "_class_name is \"KandinskyPipeline\"; supported: one of [StableDiffusionPipeline,")
        .hasMessageContaining("FluxPipeline");
  }

  @ParameterizedTest
  @CsvSource({
    "StableDiffusionPipeline, STABLE_DIFFUSION",
    "StableDiffusionControlNetImg2ImgPipeline, STABLE_DIFFUSION",
    "StableDiffusionXLPipeline, STABLE_DIFFUSION_XL",
    "StableDiffusionXLInpaintPipeline, STABLE_DIFFUSION_XL",
    "FluxImg2ImgPipeline, FLUX"
  })
  void knowsTheFamilyByThePipeline(String pipeline, ModelFamily family) throws IOException {
    write("model_index.json", "{\"_class_name\":\"" + pipeline + "\"}");
    assertThat(ModelDirectory.open(folder).family()).isEqualTo(family);
  }

  @Test
  void refusesAComponentOfAnotherClassThanTheIndexSays() throws IOException {
    write(
        "model_index.json",
        "{\"_class_name\":\"StableDiffusionPipeline\",\"vae\":[\"diffusers\",\"AutoencoderKL\"],"
            + "\"unet\":[\"diffusers\",\"UNet2DConditionModel\"]}");
    Files.createDirectory(folder.resolve("vae"));
    write("vae/config.json", "{\"_class_name\":\"AutoencoderTiny\"}");
    ModelDirectory model = ModelDirectory.open(folder);

    assertThat(model.className("vae")).isEqualTo("AutoencoderKL");
    assertThatThrownBy(() -> model.component("vae"))
        .hasMessageContaining("is for AutoencoderTiny; expected AutoencoderKL");
    assertThatThrownBy(() -> model.component("unet")).hasMessageContaining("there is no folder");
    assertThatThrownBy(() -> model.component("text_encoder"))
        .hasMessageContaining("text_encoder is ");
  }

  @Test
  void findsWeightsUnderTheirKnownNames() throws IOException {
    ComponentFolder component = new ComponentFolder(folder);
    assertThatThrownBy(component::weights)
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("has none of the weight files");
    for (String name :
        List.of(
            "model.fp16.safetensors", "model.safetensors", "diffusion_pytorch_model.safetensors")) {
      write(name, "");
      assertThat(component.files()).contains(folder.resolve(name));
    }
  }

  @Test
  void refusesAFileOf1Gigabyte() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("config.json").toFile(), "rw")) {
      file.setLength(1 << 30); // sparse
    }
    assertThatThrownBy(() -> ConfigJson.read(folder.resolve("config.json")))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("config.json: has 1073741824 bytes; at most 4194304 are read");
  }

  @Test
  void refusesNestingAndKeysThatStandTwice() {
    assertThatThrownBy(() -> json("{\"a\":" + "[".repeat(100_000)))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("config.json: is no JSON");
    assertThatThrownBy(() -> json("{\"a\":1,\"a\":2}"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("config.json: is no JSON");
  }

  @Test
  void refusesWhatIsNoJson() throws IOException {
    assertThatThrownBy(() -> json("{\"a\":")).hasMessageContaining("config.json: is no JSON");
    assertThatThrownBy(() -> json("[1]")).hasMessageContaining("config.json: is no JSON object");
  }

  private ConfigJson json(String text) throws IOException {
    return ConfigJson.read(write("config.json", text));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
