package dev.fresco.worker.edit;

import dev.fresco.engine.HostTensor;

/**
 * The places of the latents that an edit paints.
 *
 * <p>Goal: every pixel that the edit may change is made of places that are painted. Algorithm: a
 * place is painted if any pixel under it is masked (max-pool; InstGenIE, arXiv:2505.20600, section
 * 4), and so are those within a margin around it, for masks that are drawn tightly.
 *
 * <p>Example: of 16 x 8 pixels and latents of 2 x 1 places, a masked pixel in the left half makes
 * the mask {@code 1 0}, and {@code 1 1} with a margin of 1.
 */
final class LatentMask {
  private LatentMask() {}

  /**
   * @param height of the latents; divides that of the mask, as the width does
   * @param margin places around, at least 0
   * @return {@code [height, width]}, 1 where it paints and 0 elsewhere
   */
  static HostTensor of(PixelMask mask, int height, int width, int margin) {
    int factor = mask.height() / height;
    if (factor * height != mask.height() || factor * width != mask.width()) {
      throw new IllegalArgumentException(
          "a mask of %d x %d does not lie over latents of %d x %d"
              .formatted(mask.width(), mask.height(), width, height));
    }
    float[] places = new float[height * width];
    for (int y = 0; y < mask.height(); y++) {
      for (int x = 0; x < mask.width(); x++) {
        if (mask.values()[y * mask.width() + x] != 0) {
          places[y / factor * width + x / factor] = 1;
        }
      }
    }
    return HostTensor.of(widened(places, height, width, margin), height, width);
  }

  private static float[] widened(float[] places, int height, int width, int margin) {
    float[] wide = new float[places.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (places[y * width + x] == 1) {
          paintAround(wide, height, width, y, x, margin);
        }
      }
    }
    return wide;
  }

  private static void paintAround(
      float[] wide, int height, int width, int row, int column, int margin) {
    for (int y = Math.max(0, row - margin); y <= Math.min(height - 1, row + margin); y++) {
      for (int x = Math.max(0, column - margin); x <= Math.min(width - 1, column + margin); x++) {
        wide[y * width + x] = 1;
      }
    }
  }
}
