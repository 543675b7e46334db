package dev.fresco.worker.edit;

import dev.fresco.engine.Picture;

/**
 * What an edit's pictures are put into.
 *
 * @param feather pixels over which the seam is mixed, inside the mask
 */
public record Canvas(Picture template, PixelMask mask, int feather) {
  /** A painted picture of the template's size, as far as the mask lets it through. */
  public Picture pasted(Picture painted) {
    int width = template.width();
    byte[] rgb = Paste.paste(template.rgb(), painted.rgb(), mask.values(), width, feather);
    return new Picture(width, template.height(), rgb);
  }
}
