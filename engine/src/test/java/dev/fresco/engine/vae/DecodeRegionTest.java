package dev.fresco.engine.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.DecoderStatistics;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Region;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.noise.TorchNoise;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodeRegionTest {
  private static final Path KL = Path.of("fixtures/sd15-tiny/vae");
  private static final Path TINY = Path.of("fixtures/autoencoder-tiny");
  private static final int SIDE = 40;

  /** Order of summation alone. */
  private static final double ROUNDING = 1e-5;

  private static KernelLibrary kernels;

  @BeforeAll
  static void open() {
    kernels = KernelLibrary.on("cpu");
  }

  @AfterAll
  static void close() {
    kernels.close();
  }

  @ParameterizedTest
  @CsvSource({"0,0,3,4", "37,30,3,10", "17,20,1,1", "5,8,9,30", "0,0,40,40"})
  void withoutNormsTheRegionIsWhatTheWholeGives(int top, int left, int height, int width) {
    Region region = new Region(top, left, height, width);
    try (Autoencoder tiny = load(TINY);
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray latents = latents(scope, 1, region, 0);
      assertThat(distance(scope, tiny, latents, region, DecoderStatistics.none()))
          .isLessThan(ROUNDING);
    }
  }

  @ParameterizedTest
  @CsvSource({"0,0,3,4", "37,30,3,10", "17,20,1,1", "5,8,9,30", "0,0,40,40"})
  void withItsOwnStatisticsTheRegionIsWhatTheWholeGives(int top, int left, int height, int width) {
    Region region = new Region(top, left, height, width);
    try (Autoencoder kl = load(KL);
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray latents = latents(scope, 1, region, 0);
      assertThat(distance(scope, kl, latents, region, kl.statistics(scope, latents)))
          .isLessThan(ROUNDING);
    }
  }

  /**
   * Statistics change by about the share of the picture that changes, times the contrast of what
   * comes to what goes. Here that is a tenth of noise that is exchanged for stronger noise.
   */
  @Test
  void withTheTemplatesStatisticsTheRegionIsNear() {
    Region region = new Region(12, 9, 13, 13);
    try (Autoencoder kl = load(KL);
        NDManager scope = kernels.manager().newSubManager()) {
      DecoderStatistics template = kl.statistics(scope, latents(scope, 1, region, 0));
      NDArray edited = latents(scope, 1.2f, region, 1);
      double near = distance(scope, kl, edited, region, template);
      NDArray other = latents(scope, 3, Region.whole(SIDE, SIDE), 2);
      double far = distance(scope, kl, edited, region, kl.statistics(scope, other));
      assertThat(near).isBetween(1e-6, 0.03);
      assertThat(far).isGreaterThan(3 * near);
    }
  }

  @Test
  void refusesStatisticsOfAnotherDecoder() {
    try (Autoencoder kl = load(KL);
        NDManager scope = kernels.manager().newSubManager()) {
      Region region = new Region(0, 0, 2, 2);
      NDArray latents = latents(scope, 1, region, 0);
      assertThatThrownBy(() -> kl.decodeRegion(scope, latents, region, DecoderStatistics.none()))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("statistics are of 0 norms; the decoder has more");
    }
  }

  /** Relative, between the region alone and the same part of the whole. */
  private static double distance(
      NDManager scope,
      Autoencoder autoencoder,
      NDArray latents,
      Region region,
      DecoderStatistics statistics) {
    NDArray whole = autoencoder.decode(scope, latents);
    NDArray part = autoencoder.decodeRegion(scope, latents, region, statistics);
    Region pixels = region.times(autoencoder.factor());
    assertThat(part.getShape()).isEqualTo(new Shape(1, 3, pixels.height(), pixels.width()));
    int width = (int) whole.getShape().get(3);
    int height = (int) whole.getShape().get(2);
    float[] expected = whole.toFloatArray();
    float[] found = part.toFloatArray();
    double difference = 0;
    double size = 0;
    for (int i = 0; i < found.length; i++) {
      int channel = i / (pixels.height() * pixels.width());
      int row = pixels.top() + i / pixels.width() % pixels.height();
      float wanted =
          expected[(channel * height + row) * width + pixels.left() + i % pixels.width()];
      difference += Math.pow(found[i] - wanted, 2);
      size += Math.pow(wanted, 2);
    }
    return Math.sqrt(difference / size);
  }

  /** Noise, with other and stronger noise in the region. */
  private static NDArray latents(NDManager scope, float strength, Region region, long seed) {
    HostTensor noise = TorchNoise.standardNormal(0, 4, SIDE, SIDE);
    HostTensor other = TorchNoise.standardNormal(seed, 4, SIDE, SIDE);
    float[] values = noise.data().clone();
    for (int i = 0; i < values.length; i++) {
      if (region.contains(new Region(i / SIDE % SIDE, i % SIDE, 1, 1))) {
        values[i] = other.data()[i] * strength;
      }
    }
    return scope.create(values, new Shape(1, 4, SIDE, SIDE));
  }

  private static Autoencoder load(Path path) {
    return Autoencoder.load(new ComponentFolder(path), kernels, ComputeType.FP32);
  }
}
