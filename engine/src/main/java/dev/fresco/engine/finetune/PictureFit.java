package dev.fresco.engine.finetune;

import dev.fresco.engine.Picture;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/** Brings images to one size. */
final class PictureFit {
  private PictureFit() {}

  /**
   * The largest centred part of the wanted proportions, scaled to the wanted size; transparency
   * becomes white.
   */
  static Picture centred(BufferedImage image, int width, int height) {
    double scale = Math.max((double) width / image.getWidth(), (double) height / image.getHeight());
    int partWidth = Math.min(image.getWidth(), (int) Math.round(width / scale));
    int partHeight = Math.min(image.getHeight(), (int) Math.round(height / scale));
    BufferedImage part =
        image.getSubimage(
            (image.getWidth() - partWidth) / 2,
            (image.getHeight() - partHeight) / 2,
            Math.max(1, partWidth),
            Math.max(1, partHeight));
    // In halves, of which each pixel is the mean of four; one large step would leave most out.
    while (part.getWidth() >= 2 * width && part.getHeight() >= 2 * height) {
      part = drawn(part, (part.getWidth() + 1) / 2, (part.getHeight() + 1) / 2);
    }
    return Picture.of(drawn(part, width, height));
  }

  private static BufferedImage drawn(BufferedImage image, int width, int height) {
    BufferedImage opaque = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = opaque.createGraphics();
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    canvas.drawImage(image, 0, 0, width, height, Color.WHITE, null);
    canvas.dispose();
    return opaque;
  }
}
