package dev.fresco.engine.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.parity.ParityRow.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NetworkParityTest {
  private static final List<String> COMPARED =
      List.of(
          "autoencoder-tiny.vae.safetensors latents",
          "autoencoder-tiny.vae.safetensors decoded",
          "sd15-tiny.text.safetensors last_hidden_state",
          "sd15-tiny.text.safetensors penultimate",
          "sd15-tiny.text.safetensors pooler_output",
          "sd15-tiny.unet.safetensors out",
          "sd15-tiny.vae.safetensors mean",
          "sd15-tiny.vae.safetensors logvar",
          "sd15-tiny.vae.safetensors decoded",
          "sd21-tiny.text.safetensors last_hidden_state",
          "sd21-tiny.text.safetensors penultimate",
          "sd21-tiny.text.safetensors pooler_output",
          "sd21-tiny.unet.safetensors out",
          "sd21-tiny.vae.safetensors mean",
          "sd21-tiny.vae.safetensors logvar",
          "sd21-tiny.vae.safetensors decoded");

  @ParameterizedTest
  @EnumSource(ComputeType.class)
  void networksAgreeWithTheReference(ComputeType computeType) {
    try (KernelLibrary kernels = KernelLibrary.on("cpu")) {
      List<ParityRow> rows =
          new ParitySuite(ParitySuite.NETWORKS)
              .run(Path.of("fixtures"), new ParitySettings(kernels, computeType));

      assertThat(rows).noneMatch(row -> row.verdict() == Verdict.FAILED);
      assertThat(rows)
          .filteredOn(row -> row.verdict() == Verdict.PASSED)
          .extracting(row -> row.file() + " " + row.tensor())
          .containsAll(COMPARED);
    }
  }
}
