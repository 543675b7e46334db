package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever else is in the batch, a request paints the picture that it paints alone. */
class MixedBatchTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "sd15-tiny, fp32, 1e-4",
    "sd21-tiny, fp32, 1e-4",
    "sdxl-tiny, fp32, 1e-4",
    "sdxl-tiny, bf16, 4e-2"
  })
  void membersOfAllKindsGetWhatTheyGetAlone(String name, String computeType, double limit) {
    ModelSettings settings = new ModelSettings("cpu", computeType, 150, 1024);
    try (LocalModel model = LocalModel.load(Path.of("fixtures", name), settings);
        Crowd crowd = new Crowd(model, name, folder)) {
      assertThat(crowd.requests()).hasSize(9);
      crowd
          .together()
          .forEach(
              (request, latents) ->
                  assertThat(Distance.of(latents, crowd.alone(request)))
                      .as("%s", request.settings())
                      .isLessThan(limit));
    }
  }
}
