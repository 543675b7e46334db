package dev.fresco.cache.template;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.springframework.http.HttpStatus;

/**
 * Tells whether a file is an image that an edit can start from. The size is read from the header
 * and held to the limit before anything is decoded; then all of it is decoded once, because only
 * that shows that it is whole.
 */
public final class ImageInspector {
  private static final String FIELD = "image";
  private static final String SUPPORTED =
      Arrays.stream(ImageFormat.values())
          .map(ImageFormat::contentType)
          .collect(Collectors.joining(", "));

  private final TemplateLimits limits;

  /** Decoded, an image takes many times the memory of its file. */
  private final Semaphore decoding;

  /**
   * @param decodedAtOnce images at most; others wait
   */
  public ImageInspector(TemplateLimits limits, int decodedAtOnce) {
    this.limits = limits;
    this.decoding = new Semaphore(decodedAtOnce);
  }

  /** An image's kind and size in pixels. */
  public record Inspected(ImageFormat format, int width, int height) {}

  /**
   * Inspects a file.
   *
   * @throws ProblemException 413, 415 or 422 if it cannot be a template
   */
  public Inspected inspect(byte[] file) {
    long limit = limits.maxTemplateBytes().toBytes();
    if (file.length > limit) {
      throw ProblemException.tooLarge("the image", limit, TemplateLimits.BYTES_KNOB);
    }
    if (file.length == 0) {
      throw refused(null, null, "is empty");
    }
    ImageFormat format = ImageFormat.of(file).orElseThrow(ImageInspector::unsupported);
    if (format == ImageFormat.PNG) {
      PngChunks.problem(file)
          .ifPresent(
              problem -> {
                throw refused(null, null, problem);
              });
    }
    ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
    try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(input, true, true);
      return decode(format, reader);
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw refused(null, null, "is damaged: " + e.getMessage());
    } finally {
      reader.dispose();
    }
  }

  private Inspected decode(ImageFormat format, ImageReader reader) throws IOException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    if ((long) width * height > limits.maxTemplatePixels()) {
      throw refused(
          width + "x" + height,
          limits.maxTemplatePixels(),
          "has %d x %d pixels; the limit is %d in all (%s)"
              .formatted(width, height, limits.maxTemplatePixels(), TemplateLimits.PIXELS_KNOB));
    }
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    decoding.acquireUninterruptibly();
    try {
      reader.read(0);
    } finally {
      decoding.release();
    }
    // The JPEG decoder only warns about missing data, and paints it gray.
    if (!warnings.isEmpty()) {
      throw refused(null, null, "is damaged: " + warnings.get(0));
    }
    return new Inspected(format, width, height);
  }

  private static ProblemException unsupported() {
    return ProblemException.of(
        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
        "the image is of no supported kind; supported are " + SUPPORTED);
  }

  private static ProblemException refused(Object value, Object limit, String message) {
    return ProblemException.invalid(List.of(new FieldProblem(FIELD, value, limit, message)));
  }
}
