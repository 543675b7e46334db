package dev.fresco.benchmarks.serving;

import dev.fresco.benchmarks.mask.MaskRatios;
import dev.fresco.benchmarks.mask.MaskShape;
import dev.fresco.benchmarks.mask.PixelMask;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/**
 * Edits that many users ask for: few templates, masks as production has them, Poisson arrivals. The
 * same for every server.
 *
 * @param size of all pictures in pixels
 * @param steps of each edit
 * @param templates that are edited, each as often
 */
record EditWorkload(
    int size, int steps, double guidance, int templates, MaskRatios ratios, long seed) {
  private static final List<String> THINGS =
      List.of("a cat", "a red apple", "a fox", "a pizza", "a penguin", "a sunflower");

  /** PNGs of the templates: what they show does not matter, only that they differ. */
  List<byte[]> pictures() throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> pictures = new ArrayList<>();
    for (int i = 0; i < templates; i++) {
      BufferedImage picture = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
      Graphics2D canvas = picture.createGraphics();
      canvas.setPaint(new GradientPaint(0, 0, colour(random), size, size, colour(random)));
      canvas.fillRect(0, 0, size, size);
      canvas.setColor(colour(random));
      canvas.fillOval(size / 4, size / 5, size / 3, size / 2);
      canvas.dispose();
      pictures.add(png(picture));
    }
    return pictures;
  }

  private static Color colour(SplittableRandom random) {
    return new Color(random.nextInt(1 << 24));
  }

  /**
   * Edits in the order in which they come.
   *
   * @param perSecond on average; infinite for all at once
   */
  List<Edit> draw(int count, double perSecond) throws IOException {
    SplittableRandom random = new SplittableRandom(seed + 1);
    List<Edit> edits = new ArrayList<>();
    double at = 0;
    for (int i = 0; i < count; i++) {
      double ratio = ratios.draw(random);
      MaskShape shape = MaskShape.values()[i % MaskShape.values().length];
      PixelMask mask = shape.draw(size, size, ratio, random);
      int template = random.nextInt(templates);
      String prompt = THINGS.get(random.nextInt(THINGS.size()));
      edits.add(new Edit(at, template, png(mask), mask.ratio(), prompt, random.nextInt(1 << 20)));
      at -= Math.log(1 - random.nextDouble()) / perSecond;
    }
    return edits;
  }

  private static byte[] png(PixelMask mask) throws IOException {
    BufferedImage picture =
        new BufferedImage(mask.width(), mask.height(), BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < mask.painted().length; i++) {
      if (mask.painted()[i]) {
        picture.setRGB(i % mask.width(), i / mask.width(), Color.WHITE.getRGB());
      }
    }
    return png(picture);
  }

  private static byte[] png(BufferedImage picture) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", out);
    return out.toByteArray();
  }
}
