package dev.fresco.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.batch.ModelSettings;
import dev.fresco.engine.batch.StableDiffusionModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RandomModelTest {
  private static final Path DEMO = Path.of("../models/emoji");
  private static final ModelSettings SETTINGS = new ModelSettings("cpu", "fp32", 100, 128);

  /** The engine refuses a tensor too few, too many or of another shape. */
  @Test
  void aModelOfAnySizesRuns() throws IOException {
    Architecture small = new Architecture("small", List.of(32, 64, 32), 2, 48, 4);
    Path folder;
    try (RandomModel model = RandomModel.write(small, DEMO);
        StableDiffusionModel loaded = StableDiffusionModel.load(model.folder(), SETTINGS)) {
      folder = model.folder();
      StepTimes times = new StepBenchmark(loaded, 64, 0, 20, 0).measure(2);
      assertThat(times.nanoseconds()).hasSize(20).isSorted();
      assertThat(times.kernelCalls()).isPositive();
      assertThat(times.outsideKernels()).isBetween(0.0, 1.0);
    }
    assertThat(folder).doesNotExist();
  }

  @Test
  void theSizesOfStableDiffusionAreTheRealOnes() {
    long numbers =
        TensorShapes.unet(Architecture.SD15, 4).byName().values().stream()
            .mapToLong(RandomModelTest::product)
            .sum();
    assertThat(numbers).isEqualTo(859_520_964L); // as published with the model
  }

  @Test
  void aSeedGivesTheSameBytes() throws IOException {
    Architecture small = new Architecture("small", List.of(32), 1, 16, 4);
    try (RandomModel one = RandomModel.write(small, DEMO);
        RandomModel other = RandomModel.write(small, DEMO)) {
      String file = "unet/diffusion_pytorch_model.safetensors";
      assertThat(Files.mismatch(one.folder().resolve(file), other.folder().resolve(file)))
          .isEqualTo(-1);
    }
  }

  private static long product(long[] shape) {
    long product = 1;
    for (long size : shape) {
      product *= size;
    }
    return product;
  }
}
