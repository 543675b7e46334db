package dev.fresco.worker.source;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.engine.Picture;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.worker.edit.PixelMask;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Fetches and decodes the pictures that jobs work from; transparency becomes white. */
public final class InputPictures {
  private static final int COLOURS = 3;

  private final ObjectFetch objects;

  public InputPictures(ObjectStore objects) {
    this.objects = new ObjectFetch(objects);
  }

  /**
   * A picture.
   *
   * @param role what it is to the job, for messages
   * @throws SourceException if it cannot be had
   */
  public Picture of(JobImage image, String role) {
    return Picture.of(decoded(image, role));
  }

  /**
   * A mask.
   *
   * @throws SourceException if it cannot be had
   */
  public PixelMask mask(JobImage image) {
    BufferedImage decoded = decoded(image, "the mask");
    byte[] rgb = Picture.of(decoded).rgb();
    byte[] grey = new byte[rgb.length / COLOURS];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = rgb[COLOURS * i];
    }
    return new PixelMask(image.width(), image.height(), grey);
  }

  private BufferedImage decoded(JobImage image, String role) {
    String what = role + (image.template() == null ? "" : ", template " + image.template() + ",");
    try {
      ObjectFetch.Fetched fetched = objects.bytes(image.object());
      if (fetched.wrong() != null) {
        throw missing(what + " " + fetched.wrong().words());
      }
      BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(fetched.bytes()));
      if (decoded == null
          || decoded.getWidth() != image.width()
          || decoded.getHeight() != image.height()) {
        throw missing(what + " is no image of " + image.width() + "x" + image.height());
      }
      return decoded;
    } catch (IOException e) {
      throw new SourceException(
          ErrorCode.STORAGE_FAILURE, what + " could not be read: " + e.getMessage(), e);
    }
  }

  private static SourceException missing(String message) {
    return new SourceException(ErrorCode.INPUT_NOT_FOUND, message);
  }
}
