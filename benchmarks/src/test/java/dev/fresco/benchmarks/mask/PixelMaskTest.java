package dev.fresco.benchmarks.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.engine.Picture;
import dev.fresco.engine.Region;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PixelMaskTest {
  @ParameterizedTest
  @EnumSource
  void shapesHaveTheirRatio(MaskShape shape) {
    SplittableRandom random = new SplittableRandom(3);
    for (double ratio : new double[] {0.01, 0.11, 0.35, 1}) {
      PixelMask mask = shape.draw(96, 64, ratio, random);
      assertThat(mask.ratio()).isCloseTo(ratio, within(0.01));
    }
  }

  @Test
  void aPlaceIsMaskedIfOneOfItsPixelsIs() {
    PixelMask mask = mask(4, 6, 3 * 6 + 2);
    assertThat(mask.places(2).data()).containsExactly(0, 0, 0, 0, 1, 0);
    assertThat(mask.region()).isEqualTo(new Region(3, 2, 1, 1));
    assertThat(mask.cut(new Region(2, 1, 2, 3)).painted())
        .containsExactly(false, false, false, false, true, false);
  }

  @Test
  void pastesInsideOnly() {
    Picture inside = new Picture(2, 1, new byte[] {1, 2, 3, 4, 5, 6});
    Picture outside = new Picture(2, 1, new byte[] {7, 8, 9, 10, 11, 12});
    assertThat(mask(1, 2, 1).paste(inside, outside).rgb()).containsExactly(7, 8, 9, 4, 5, 6);
  }

  private static PixelMask mask(int height, int width, int pixel) {
    boolean[] painted = new boolean[height * width];
    painted[pixel] = true;
    return new PixelMask(width, height, painted);
  }
}
