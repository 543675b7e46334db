package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.checkpoint.Checkpoint;
import dev.fresco.engine.checkpoint.OriginalFile;
import dev.fresco.engine.parity.RelativeError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A single file with a folder of configurations beside it paints what the folder form paints. */
class SingleFileModelTest {
  private static final Path FIXTURES = Path.of("fixtures");
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"sd15-tiny", "sd21-tiny", "sdxl-tiny"})
  void paintsTheSame(String name) throws IOException {
    Path whole = FIXTURES.resolve(name);
    Path file = folder.resolve(name + ".safetensors");
    new OriginalFile(name).tensorsOf(Checkpoint.open(whole)).writeTo(file);
    copyWithoutWeights(whole, folder.resolve(name));

    assertThat(RelativeError.of(picture(file), picture(whole))).isLessThan(1e-5);
  }

  private static float[] picture(Path checkpoint) {
    ModelSettings settings = new ModelSettings("cpu", "fp32", 50, 512);
    try (LocalModel model = LocalModel.load(checkpoint, settings);
        ModelBatch<String> batch = model.newBatch()) {
      PictureSettings picture =
          new PictureSettings(32, 32, 3, 5.0, model.card().defaultSampler(), 7);
      batch.join("a", PictureRequest.of(picture, model.encode(Prompt.of("a red cat", ""))));
      for (int i = 0; i < 3; i++) {
        batch.step(List.of("a"));
      }
      HostTensor decoded = model.decodeUnrounded(batch.latents("a"));
      return decoded.data();
    }
  }

  private static void copyWithoutWeights(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.filter(p -> !p.toString().endsWith(".safetensors")).toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }
}
