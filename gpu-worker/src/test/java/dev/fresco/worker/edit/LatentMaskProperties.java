package dev.fresco.worker.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LatentMaskProperties {
  private static PixelMask mask(int places, int factor, int seed) {
    Random random = new Random(seed);
    int side = places * factor;
    byte[] values = new byte[side * side];
    for (int n = random.nextInt(4); n >= 0; n--) {
      values[random.nextInt(values.length)] = (byte) (1 + random.nextInt(255));
    }
    return new PixelMask(side, side, values);
  }

  /** A place is painted exactly if a masked pixel lies under it or within the margin around it. */
  @Property(tries = 200)
  void placesNearMaskedPixelsArePainted(
      @ForAll @IntRange(min = 1, max = 8) int places,
      @ForAll @IntRange(min = 1, max = 8) int factor,
      @ForAll @IntRange(max = 3) int margin,
      @ForAll int seed) {
    PixelMask mask = mask(places, factor, seed);
    float[] latent = LatentMask.of(mask, places, places, margin).data();
    for (int y = 0; y < places; y++) {
      for (int x = 0; x < places; x++) {
        assertThat(latent[y * places + x]).isEqualTo(isNear(mask, factor, margin, y, x) ? 1 : 0);
      }
    }
  }

  private static boolean isNear(PixelMask mask, int factor, int margin, int row, int column) {
    for (int place = 0; place < mask.values().length; place++) {
      int y = place / mask.width() / factor;
      int x = place % mask.width() / factor;
      if (mask.values()[place] != 0
          && Math.abs(y - row) <= margin
          && Math.abs(x - column) <= margin) {
        return true;
      }
    }
    return false;
  }

  @Example
  void latentsThatTheMaskDoesNotLieOverAreRefused() {
    PixelMask mask = new PixelMask(16, 16, new byte[256]);
    assertThatThrownBy(() -> LatentMask.of(mask, 2, 3, 0))
        .hasMessage("a mask of 16 x 16 does not lie over latents of 3 x 2");
  }
}
