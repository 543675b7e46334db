package dev.fresco.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.benchmarks.mask.PixelMask;
import dev.fresco.engine.Picture;
import org.junit.jupiter.api.Test;

/**
 * Against scikit-image 0.26: {@code structural_similarity(gaussian_weights=True, sigma=1.5,
 * use_sample_covariance=False, data_range=255)} on luma, and {@code peak_signal_noise_ratio}.
 */
class DistancesTest {
  private static final int HEIGHT = 24;
  private static final int WIDTH = 31;
  private static final Picture ONE = one();
  private static final Picture OTHER = other();

  @Test
  void whole() {
    assertThat(StructuralSimilarity.of(ONE, OTHER)).isCloseTo(0.9152945874504403, within(1e-9));
    assertThat(SignalToNoise.of(ONE, OTHER)).isCloseTo(19.774511491818227, within(1e-9));
  }

  /** Up to the picture's edge. */
  @Test
  void insideAMask() {
    boolean[] painted = new boolean[HEIGHT * WIDTH];
    for (int i = 0; i < painted.length; i++) {
      painted[i] = i / WIDTH >= 3 && i / WIDTH < 9 && i % WIDTH >= 20;
    }
    PixelMask mask = new PixelMask(WIDTH, HEIGHT, painted);
    assertThat(StructuralSimilarity.within(mask, ONE, OTHER))
        .isCloseTo(0.9066738778350878, within(1e-9));
    assertThat(SignalToNoise.within(mask, ONE, OTHER)).isCloseTo(19.67462481416927, within(1e-9));
  }

  @Test
  void ofEqualPictures() {
    assertThat(StructuralSimilarity.of(ONE, ONE)).isEqualTo(1);
    assertThat(SignalToNoise.of(ONE, ONE)).isInfinite();
  }

  private static Picture one() {
    byte[] rgb = new byte[HEIGHT * WIDTH * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * 37 + i / 93 * 11);
    }
    return new Picture(WIDTH, HEIGHT, rgb);
  }

  private static Picture other() {
    byte[] rgb = ONE.rgb().clone();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (Byte.toUnsignedInt(rgb[i]) * 3 / 4 + i * 7 % 64);
    }
    return new Picture(WIDTH, HEIGHT, rgb);
  }
}
