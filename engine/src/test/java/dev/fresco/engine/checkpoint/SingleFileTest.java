package dev.fresco.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.OriginalFile.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SingleFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "sd15-tiny, STABLE_DIFFUSION",
    "sd21-tiny, STABLE_DIFFUSION",
    "sdxl-tiny, STABLE_DIFFUSION_XL"
  })
  void everyTensorReadsAsInTheFolderForm(String table, ModelFamily family) throws IOException {
    OriginalFile original = new OriginalFile(table);
    Path path = original.tensors().writeTo(folder.resolve("model.safetensors"));
    config("text_encoder", "{\"num_hidden_layers\": 3}");

    Checkpoint checkpoint = Checkpoint.open(path);

    assertThat(checkpoint.family()).isEqualTo(family);
    Map<String, List<Row>> networks =
        original.rows().stream().collect(Collectors.groupingBy(Row::network));
    assertThat(networks.keySet()).containsExactlyInAnyOrderElementsOf(family.networks());
    networks.forEach(
        (network, rows) -> {
          try (TensorSource source = checkpoint.component(network).weights()) {
            assertThat(source.tensors().keySet())
                .containsExactlyInAnyOrderElementsOf(rows.stream().map(Row::name).toList());
            for (Row row : rows) {
              StoredTensor tensor = source.tensor(row.name());
              assertThat(tensor.shape()).as(row.name()).containsExactly(row.shape());
              assertThat(Arrays.equals(source.floats(row.name()), row.values()))
                  .as(row.name())
                  .isTrue();
              assertThat(source.place(tensor)).isEqualTo(path + ": tensor " + row.key());
            }
          }
        });
  }

  @Test
  void infersStableDiffusion15() {
    Checkpoint checkpoint = sparse("sd15-full");

    UNetConfig unet =
        UNetConfig.read(checkpoint.component("unet").configOf("UNet2DConditionModel"));
    assertThat(unet)
        .isEqualTo(
            UNetConfig.read(json(Map.of("cross_attention_dim", 768, "attention_head_dim", 8))));
    AutoencoderKlConfig vae =
        AutoencoderKlConfig.read(checkpoint.component("vae").configOf("AutoencoderKL"));
    assertThat(vae)
        .isEqualTo(
            new AutoencoderKlConfig(
                4,
                List.of(128, 256, 512, 512),
                2,
                new Normalisation(32, 1e-6),
                new AutoencoderKlConfig.Parts(true, true, true),
                new LatentScale(0.18215, 0)));
    ConfigJson text = checkpoint.component("text_encoder").configOf("CLIPTextModel");
    assertThat(ClipTextConfig.read(text))
        .isEqualTo(
            ClipTextConfig.read(
                json(
                    Map.of(
                        "hidden_size", 768,
                        "intermediate_size", 3072,
                        "num_attention_heads", 12,
                        "num_hidden_layers", 12))));
    assertThat(checkpoint.component("unet").config().size("sample_size", 0)).isEqualTo(64);
    assertThat(checkpoint.scheduler().text("_class_name", "")).isEqualTo("DDIMScheduler");
    assertThat(checkpoint.scheduler().decimal("beta_end", 0)).isEqualTo(0.012);
    assertThat(checkpoint.scheduler().text("prediction_type", "")).isEqualTo("epsilon");
  }

  @Test
  void infersStableDiffusionXl() {
    Checkpoint checkpoint = sparse("sdxl-full");

    ConfigJson unet = checkpoint.component("unet").configOf("UNet2DConditionModel");
    assertThat(unet.sizes("block_out_channels", List.of())).containsExactly(320, 640, 1280);
    assertThat(unet.sizes("layers_per_block", List.of())).containsExactly(2, 2, 2);
    assertThat(unet.sizes("transformer_layers_per_block", List.of())).containsExactly(1, 2, 10);
    assertThat(unet.sizes("attention_head_dim", List.of())).containsExactly(5, 10, 20);
    assertThat(unet.texts("down_block_types", List.of()))
        .containsExactly("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D");
    assertThat(unet.texts("up_block_types", List.of()))
        .containsExactly("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D");
    assertThat(unet.size("cross_attention_dim", 0)).isEqualTo(2048);
    assertThat(unet.text("addition_embed_type", "")).isEqualTo("text_time");
    assertThat(unet.size("addition_time_embed_dim", 0)).isEqualTo(256);
    assertThat(unet.size("projection_class_embeddings_input_dim", 0)).isEqualTo(2816);
    assertThat(unet.flag("use_linear_projection", false)).isTrue();
    assertThat(unet.size("sample_size", 0)).isEqualTo(128);

    assertThat(AutoencoderKlConfig.read(checkpoint.component("vae").config()).scale().factor())
        .isEqualTo(0.13025);
    assertThat(checkpoint.component("text_encoder").config().size("hidden_size", 0)).isEqualTo(768);
    ConfigJson second =
        checkpoint.component("text_encoder_2").configOf("CLIPTextModelWithProjection");
    assertThat(second.size("hidden_size", 0)).isEqualTo(1280);
    assertThat(second.size("intermediate_size", 0)).isEqualTo(5120);
    assertThat(second.size("num_attention_heads", 0)).isEqualTo(20);
    assertThat(second.size("num_hidden_layers", 0)).isEqualTo(32);
    assertThat(second.size("projection_dim", 0)).isEqualTo(1280);
    assertThat(second.text("hidden_act", "")).isEqualTo("gelu");
    assertThat(checkpoint.scheduler().text("_class_name", "")).isEqualTo("EulerDiscreteScheduler");
    assertThat(checkpoint.scheduler().text("timestep_spacing", "")).isEqualTo("leading");
    assertThat(checkpoint.scheduler().count("steps_offset", 0)).isEqualTo(1);
  }

  @Test
  void stableDiffusion2RunsAllTextLayersButTheLast() throws IOException {
    SafetensorsBytes tensors = new OriginalFile("sd21-tiny").zeros();
    tensors.floats("cond_stage_model.model.text_projection", new float[1024], 32, 32);
    Path path = tensors.writeTo(folder.resolve("two.safetensors"));
    Checkpoint checkpoint = Checkpoint.open(path);

    assertThat(checkpoint.component("text_encoder").config().size("num_hidden_layers", 0))
        .isEqualTo(2);
    try (TensorSource source = checkpoint.component("text_encoder").weights()) {
      assertThat(source.tensors().keySet())
          .contains("text_model.encoder.layers.1.mlp.fc1.weight")
          .doesNotContain("text_model.encoder.layers.2.mlp.fc1.weight")
          .doesNotContain("text_projection.weight");
    }
    assertThatThrownBy(checkpoint::scheduler)
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("does not say which; put the model's scheduler_config.json at")
        .hasMessageContaining(folder.resolve("two/scheduler").toString());
  }

  @Test
  void takesTheFoldersConfigurationsBeforeItsOwnGuess() throws IOException {
    Path path = new OriginalFile("sd15-tiny").zeros().writeTo(folder.resolve("model.safetensors"));
    config("unet", "{\"_class_name\": \"UNet2DConditionModel\", \"attention_head_dim\": 4}");
    Files.createDirectories(folder.resolve("model/scheduler"));
    Files.writeString(
        folder.resolve("model/scheduler/scheduler_config.json"),
        "{\"prediction_type\": \"v_prediction\", \"lambda_min_clipped\": -Infinity}");
    Files.writeString(
        folder.resolve("model/model_index.json"),
        "{\"_class_name\": \"StableDiffusionImg2ImgPipeline\"}");

    Checkpoint checkpoint = Checkpoint.open(path);

    assertThat(checkpoint.component("unet").config().size("attention_head_dim", 0)).isEqualTo(4);
    assertThat(checkpoint.component("vae").config().sizes("block_out_channels", List.of()))
        .containsExactly(32, 64);
    assertThat(checkpoint.scheduler().text("prediction_type", "")).isEqualTo("v_prediction");
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    assertThat(
            SingleFile.open(path, elsewhere)
                .component("unet")
                .config()
                .sizes("attention_head_dim", List.of()))
        .containsExactly(8, 8);

    Files.writeString(
        folder.resolve("model/model_index.json"), "{\"_class_name\": \"FluxPipeline\"}");
    assertThatThrownBy(() -> Checkpoint.open(path))
        .hasMessageContaining("model_index.json: is for FLUX")
        .hasMessageContaining("those of STABLE_DIFFUSION");
  }

  @Test
  void asksForTokenizersThatItCannotInfer() throws IOException {
    Path path = new OriginalFile("sdxl-tiny").zeros().writeTo(folder.resolve("model.safetensors"));
    Checkpoint checkpoint = Checkpoint.open(path);
    assertThatThrownBy(() -> checkpoint.folder("tokenizer_2"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("needs the tokenizer_2")
        .hasMessageContaining(folder.resolve("model/tokenizer_2").toString())
        .hasMessageContaining(folder.resolve("tokenizer_2").toString());

    Path beside = Files.createDirectory(folder.resolve("tokenizer_2"));
    assertThat(checkpoint.folder("tokenizer_2")).isEqualTo(beside);
    Path inside = Files.createDirectories(folder.resolve("model/tokenizer_2"));
    assertThat(checkpoint.folder("tokenizer_2")).isEqualTo(inside);
  }

  @Test
  void leavesAsideWhatNoPictureNeeds() {
    SafetensorsBytes tensors = new OriginalFile("sdxl-tiny").zeros();
    for (String key :
        List.of(
            "model_ema.diffusion_modelinput_blocks00weight",
            "alphas_cumprod",
            "sqrt_recipm1_alphas_cumprod",
            "posterior_variance",
            "denoiser.sigmas",
            "first_stage_model.loss.logvar",
            "conditioner.embedders.0.transformer.text_model.embeddings.position_ids",
            "conditioner.embedders.0.logit_scale",
            "conditioner.embedders.1.model.logit_scale")) {
      tensors.floats(key, new float[1], 1);
    }
    Path path = tensors.writeTo(folder.resolve("model.safetensors"));
    Checkpoint checkpoint = Checkpoint.open(path);
    for (String network : checkpoint.family().networks()) {
      try (TensorSource source = checkpoint.component(network).weights()) {
        assertThat(source.tensors().keySet()).noneMatch(name -> name.contains("position_ids"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "edm_mean",
    "control_model.input_blocks.0.0.weight",
    "model.diffusion_model.input_blocks.0.0.scale",
    "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn3.to_q.weight",
    "model.diffusion_model.input_blocks.9.0.in_layers.0.weight",
    "model.diffusion_model.input_blocks.99999999999.0.in_layers.0.weight",
    "model.diffusion_model.middle_block.3.in_layers.0.weight",
    "first_stage_model.encoder.mid.attn_2.q.weight",
    "first_stage_model.../../etc/passwd",
    "cond_stage_model.model.ln_final.weight"
  })
  void refusesWhatNoNetworkTakes(String key) {
    Path path =
        new OriginalFile("sd15-tiny")
            .zeros()
            .floats(key, new float[2], 2)
            .writeTo(folder.resolve("model.safetensors"));
    assertThatThrownBy(() -> Checkpoint.open(path))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(
            "model.safetensors: tensor " + key + " F32[2] belongs to no network that is known");
  }

  @Test
  void refusesTwoKeysForOneTensor() {
    Path path =
        new OriginalFile("sd15-tiny")
            .zeros()
            .floats("model.diffusion_model.input_blocks.01.0.in_layers.0.bias", new float[32], 32)
            .writeTo(folder.resolve("model.safetensors"));
    assertThatThrownBy(() -> Checkpoint.open(path))
        .hasMessageContaining("stands for the same weights as")
        .hasMessageContaining("down_blocks.0.resnets.0.norm1.bias");
  }

  @ParameterizedTest
  @CsvSource({
    "first_stage_model., has no vae (keys first_stage_model.*)",
    "model.diffusion_model., has no unet",
    "cond_stage_model., is no whole checkpoint in an original layout"
  })
  void refusesAFileThatLacksANetwork(String prefix, String why) {
    SafetensorsBytes tensors = new OriginalFile("sd15-tiny").zeros();
    tensors.names().stream().filter(key -> key.startsWith(prefix)).forEach(tensors::without);
    Path path = tensors.writeTo(folder.resolve("model.safetensors"));
    assertThatThrownBy(() -> Checkpoint.open(path))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({
    "attn.in_proj_weight, 95, expected rows in 3 equal parts",
    "text_projection, 32, expected a matrix"
  })
  void refusesShapesThatCannotBeTakenApart(String part, int size, String why) {
    SafetensorsBytes tensors = new OriginalFile("sdxl-tiny").zeros();
    String key =
        tensors.names().stream()
            .filter(name -> name.startsWith("conditioner.embedders.1") && name.endsWith(part))
            .findFirst()
            .orElseThrow();
    Path path =
        tensors.floats(key, new float[size], size).writeTo(folder.resolve("model.safetensors"));
    assertThatThrownBy(() -> Checkpoint.open(path))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(why);
  }

  @Test
  void aMissingTensorIsNamedWhereItsSizeIsAsked() {
    Path path =
        new OriginalFile("sd15-tiny")
            .zeros()
            .without("model.diffusion_model.time_embed.0.weight")
            .writeTo(folder.resolve("model.safetensors"));
    Component unet = Checkpoint.open(path).component("unet");
    assertThatThrownBy(unet::config)
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("has no time_embedding.linear_1.weight");
  }

  private Checkpoint sparse(String table) {
    return Checkpoint.open(
        new OriginalFile(table)
            .writeSparse(folder.resolve(table + ".safetensors"), StoredType.F16));
  }

  private static ConfigJson json(Map<String, ?> values) {
    return ConfigJson.of("test", values);
  }

  private void config(String network, String json) throws IOException {
    Path file = folder.resolve("model").resolve(network).resolve("config.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, json);
  }
}
