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
          "flux-dev-tiny.transformer.safetensors layer.transformer_blocks.0",
          "flux-dev-tiny.transformer.safetensors layer.single_transformer_blocks.1",
          "flux-dev-tiny.transformer.safetensors out",
          "flux-schnell-tiny.transformer.safetensors layer.time_text_embed",
          "flux-schnell-tiny.transformer.safetensors out",
          "noise.safetensors 42/1x4x64x64",
          "sd15-tiny.e2e.safetensors step.0",
          "sd15-tiny.e2e.safetensors step.3",
          "sd15-tiny.e2e.safetensors image",
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
          "sd21-tiny.text.safetensors input_ids",
          "sd21-tiny.text.safetensors last_hidden_state",
          "sd21-tiny.text.safetensors penultimate",
          "sd21-tiny.text.safetensors pooler_output",
          "sd21-tiny.unet.safetensors out",
          "sd21-tiny.vae.safetensors mean",
          "sd21-tiny.vae.safetensors logvar",
          "sd21-tiny.vae.safetensors decoded",
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
      assertThat(configurations(rows, "samplers.safetensors")).hasSize(38);
      assertThat(configurations(rows, "sampler-options.safetensors")).hasSize(152);
      assertThat(rows)
          .filteredOn(row -> row.verdict() == Verdict.UNSUPPORTED)
          .singleElement()
          .satisfies(row -> assertThat(row.file()).isEqualTo("samplers.safetensors"))
          .satisfies(row -> assertThat(row.note()).startsWith("20 of 58 configurations"));
    }
  }

  private static Set<String> configurations(List<ParityRow> rows, String file) {
    return rows.stream()
        .filter(row -> row.file().equals(file) && row.verdict() == Verdict.PASSED)
        .map(row -> row.tensor().split("/")[0])
        .collect(Collectors.toSet());
  }
}
