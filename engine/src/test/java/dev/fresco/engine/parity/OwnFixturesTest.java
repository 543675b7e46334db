package dev.fresco.engine.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.parity.ParityRow.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OwnFixturesTest {
  private static final List<String> COMPARED =
      List.of(
          "autoencoder-tiny.vae.safetensors latents",
          "autoencoder-tiny.vae.safetensors decoded",
          "clip-legacy.text.safetensors pooler_output",
          "clip-wide.text2.safetensors penultimate",
          "clip-wide.text2.safetensors text_embeds",
          "flux-schnell-tiny.prompts.safetensors 2.negative_states",
          "flux-schnell-tiny.prompts.safetensors 5.pooled",
          "flux-schnell-tiny.t5.safetensors input_ids",
          "flux-schnell-tiny.t5.safetensors last_hidden_state",
          "flux-schnell-tiny.text.safetensors pooler_output",
          "flux-dev-tiny.e2e.safetensors step.3",
          "flux-dev-tiny.e2e.safetensors image",
          "flux-dev-tiny.start.safetensors step.3",
          "flux-dev-tiny.start.safetensors image",
          "flux-dev-tiny.transformer.safetensors layer.transformer_blocks.0",
          "flux-dev-tiny.transformer.safetensors layer.single_transformer_blocks.1",
          "flux-dev-tiny.transformer.safetensors out",
          "flux-schnell-tiny.e2e.safetensors step.3",
          "flux-schnell-tiny.e2e.safetensors image",
          "flux-schnell-tiny.seed.safetensors step.5",
          "flux-schnell-tiny.seed.safetensors image",
          "flux-schnell-tiny.transformer.safetensors layer.time_text_embed",
          "flux-schnell-tiny.transformer.safetensors out",
          "noise.safetensors 42/1x4x64x64",
          "noise-stream.safetensors 42/9/1",
          "sd15-tiny.e2e.safetensors step.0",
          "sd15-tiny.e2e.safetensors step.3",
          "sd15-tiny.e2e.safetensors image",
          "sd15-tiny.run-all.safetensors step.4",
          "sd15-tiny.run-all.safetensors image",
          "sd15-tiny.run-control.safetensors image",
          "sd15-tiny.run-controls.safetensors image",
          "sd15-tiny.run-lora.safetensors image",
          "sd15-tiny.seed.safetensors step.5",
          "sd15-tiny.start.safetensors step.3",
          "sd15-tiny.start.safetensors image",
          "sd15-tiny.prompts.safetensors 6.states",
          "sd15-tiny.prompts.safetensors 8.negative_states",
          "sd15-tiny.text.safetensors input_ids",
          "sd15-tiny.text.safetensors last_hidden_state",
          "sd15-tiny.text.safetensors penultimate",
          "sd15-tiny.text.safetensors pooler_output",
          "sd15-tiny.unet.safetensors out",
          "sd15-tiny.vae.safetensors mean",
          "sd15-tiny.vae.safetensors logvar",
          "sd15-tiny.vae.safetensors decoded",
          "sd21-tiny.e2e.safetensors step.3",
          "sd21-tiny.e2e.safetensors image",
          "sd21-tiny.seed.safetensors step.5",
          "sd21-tiny.start.safetensors step.2",
          "sd21-tiny.prompts.safetensors 4.states",
          "sd21-tiny.text.safetensors input_ids",
          "sd21-tiny.text.safetensors last_hidden_state",
          "sd21-tiny.text.safetensors penultimate",
          "sd21-tiny.text.safetensors pooler_output",
          "sd21-tiny.unet.safetensors out",
          "sd21-tiny.vae.safetensors mean",
          "sd21-tiny.vae.safetensors logvar",
          "sd21-tiny.vae.safetensors decoded",
          "sd15-tiny.controlnet.safetensors mid",
          "sd15-tiny.controlnet.safetensors out",
          "sd15-tiny.lora.safetensors out.ab kohya as terms",
          "sd15-tiny.lora.safetensors out.ab peft in the weights",
          "sd21-tiny.controlnet.safetensors out",
          "sdxl-tiny.controlnet.safetensors out",
          "sdxl-tiny.e2e.safetensors step.3",
          "sdxl-tiny.e2e.safetensors image",
          "sdxl-tiny.lora.safetensors out.b kohya as terms",
          "sd21-tiny.run-control.safetensors image",
          "sdxl-tiny.run-all.safetensors image",
          "sdxl-tiny.run-lora.safetensors image",
          "sdxl-tiny.run-start.safetensors image",
          "sdxl-tiny.unet.safetensors out",
          "sdxl-tiny.prompts.safetensors 1.negative_pooled",
          "sdxl-tiny.prompts.safetensors 11.negative_states",
          "sdxl-tiny.text1.safetensors penultimate",
          "sdxl-tiny.text2.safetensors input_ids",
          "sdxl-tiny.text2.safetensors last_hidden_state",
          "sdxl-tiny.text2.safetensors text_embeds",
          "t5-plain.t5.safetensors input_ids",
          "t5-plain.t5.safetensors last_hidden_state",
          "tokenizer-clip/golden.json 22 texts");

  @ParameterizedTest
  @EnumSource(ComputeType.class)
  void everythingAgreesWithTheReference(ComputeType computeType) {
    try (KernelLibrary kernels = KernelLibrary.on("cpu")) {
      List<ParityRow> rows =
          new ParitySuite(ParitySuite.EVERYTHING)
              .run(Path.of("fixtures"), new ParitySettings(kernels, computeType));

      assertThat(rows).noneMatch(row -> row.verdict() == Verdict.FAILED);
      assertThat(rows)
          .filteredOn(row -> row.verdict() == Verdict.PASSED)
          .extracting(row -> row.file() + " " + row.tensor())
          .containsAll(COMPARED);
      assertThat(configurations(rows, "samplers.safetensors")).hasSize(58);
      assertThat(configurations(rows, "sampler-options.safetensors")).hasSize(306);
      assertThat(configurations(rows, "sampler-strength.safetensors")).hasSize(65);
      assertThat(rows).noneMatch(row -> row.verdict() == Verdict.UNSUPPORTED);
    }
  }

  private static Set<String> configurations(List<ParityRow> rows, String file) {
    return rows.stream()
        .filter(row -> row.file().equals(file) && row.verdict() == Verdict.PASSED)
        .map(row -> row.tensor().split("/")[0])
        .collect(Collectors.toSet());
  }
}
