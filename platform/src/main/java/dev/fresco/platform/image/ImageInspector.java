package dev.fresco.platform.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Tells whether a file is an image that jobs can work from. The size is read from the header and
 * held to the limit before anything is decoded; then all of it is decoded once, because only that
 * shows that it is whole.
 */
public final class ImageInspector {
  private static final List<String> SUPPORTED =
      Arrays.stream(ImageFormat.values()).map(ImageFormat::contentType).toList();

  private final ImageLimits limits;

  /** Decoded, an image takes many times the memory of its file. */
  private final Semaphore decoding;

  /**
   * @param decodedAtOnce images at most; others wait
   */
  public ImageInspector(ImageLimits limits, int decodedAtOnce) {
    this.limits = limits;
    this.decoding = new Semaphore(decodedAtOnce);
  }

  /** An image's kind and size in pixels. */
  public record Inspected(ImageFormat format, int width, int height) {}

  /** What is done with an open image. */
  private interface Look<T> {
    T at(ImageReader reader, Inspected header) throws IOException;
  }

  /**
   * Inspects all of a file.
   *
   * @throws RefusedImageException if it is no whole image within the limits
   */
  public Inspected inspect(byte[] file) {
    return open(file, (reader, header) -> decode(reader, pixels -> header));
  }

  /**
   * Inspects all of a file, and uses its pixels; others wait for the memory meanwhile.
   *
   * @throws RefusedImageException if it is no whole image within the limits
   */
  public <T> T inspect(byte[] file, Function<BufferedImage, T> use) {
    return open(file, (reader, header) -> decode(reader, use));
  }

  /**
   * Inspects a file as far as its size; what is behind that may still be damaged.
   *
   * @throws RefusedImageException if it is no image within the limits
   */
  public Inspected inspectHeader(byte[] file) {
    return open(file, (reader, header) -> header);
  }

  private <T> T open(byte[] file, Look<T> look) {
    ImageFormat format = format(file);
    ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
    try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(input, true, true);
      return look.at(reader, header(format, reader));
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw RefusedImageException.wrong(null, null, "is damaged: " + e.getMessage());
    } finally {
      reader.dispose();
    }
  }

  private ImageFormat format(byte[] file) {
    if (file.length > limits.bytes()) {
      throw RefusedImageException.tooLarge(file.length, limits);
    }
    if (file.length == 0) {
      throw RefusedImageException.wrong(null, null, "is empty");
    }
    ImageFormat format =
        ImageFormat.of(file).orElseThrow(() -> RefusedImageException.unsupported(SUPPORTED));
    if (format == ImageFormat.PNG) {
      PngChunks.problem(file)
          .ifPresent(
              problem -> {
                throw RefusedImageException.wrong(null, null, problem);
              });
    }
    return format;
  }

  private Inspected header(ImageFormat format, ImageReader reader) throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    if ((long) width * height > limits.pixels()) {
      throw RefusedImageException.wrong(
          width + "x" + height,
          limits.pixels(),
          "has %d x %d pixels; the limit is %d in all (%s)"
              .formatted(width, height, limits.pixels(), limits.pixelsKnob()));
    }
    return new Inspected(format, width, height);
  }

  private <T> T decode(ImageReader reader, Function<BufferedImage, T> use) throws IOException {
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    decoding.acquireUninterruptibly();
    try {
      BufferedImage pixels = reader.read(0);
      // The JPEG decoder only warns about missing data, and paints it gray.
      if (!warnings.isEmpty()) {
        throw RefusedImageException.wrong(null, null, "is damaged: " + warnings.get(0));
      }
      return use.apply(pixels);
    } finally {
      decoding.release();
    }
  }
}
