package dev.fresco.engine.finetune;

import dev.fresco.engine.EngineException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A folder of captioned pictures: each {@code NAME.png} has its caption in {@code NAME.txt}, UTF-8.
 * Other files are none of its business.
 */
public final class PictureFolder {
  /** Latents and prompts of all pictures stay in memory. */
  public static final int MOST_PICTURES = 10_000;

  private static final String PICTURE = ".png";
  private static final String CAPTION = ".txt";
  private static final long MOST_PIXELS = 64_000_000;
  private static final int MOST_CAPTION_BYTES = 10_000;

  private PictureFolder() {}

  /**
   * Reads all pictures in the order of their names, each as the largest centred part of the wanted
   * proportions, at the wanted size.
   *
   * @throws EngineException naming the file and what is wrong: no pictures or too many, one without
   *     a caption, one that is no PNG or too large
   */
  public static List<CaptionedPicture> read(Path folder, FineTuneSettings.Size size) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> pictures =
          files.filter(file -> file.getFileName().toString().endsWith(PICTURE)).sorted().toList();
      if (pictures.isEmpty() || pictures.size() > MOST_PICTURES) {
        throw new EngineException(
            "%s: has %d pictures (%s); there must be 1 to %d"
                .formatted(folder, pictures.size(), PICTURE, MOST_PICTURES));
      }
      List<CaptionedPicture> read = new ArrayList<>();
      for (Path file : pictures) {
        read.add(
            new CaptionedPicture(
                file.getFileName().toString(),
                PictureFit.centred(decode(file), size.width(), size.height()),
                caption(file)));
      }
      return read;
    } catch (IOException e) {
      throw new EngineException(folder + ": cannot be read: " + e, e);
    }
  }

  private static String caption(Path picture) throws IOException {
    String name = picture.getFileName().toString();
    Path file =
        picture.resolveSibling(name.substring(0, name.length() - PICTURE.length()) + CAPTION);
    if (!Files.isRegularFile(file)) {
      throw new EngineException(picture + ": has no caption " + file.getFileName());
    }
    if (Files.size(file) > MOST_CAPTION_BYTES) {
      throw new EngineException(
          "%s: has %d bytes; a caption has at most %d"
              .formatted(file, Files.size(file), MOST_CAPTION_BYTES));
    }
    try {
      String caption = Files.readString(file).strip();
      if (caption.isEmpty()) {
        throw new EngineException(file + ": is blank");
      }
      return caption;
    } catch (CharacterCodingException e) {
      throw new EngineException(file + ": is no UTF-8 text", e);
    }
  }

  /** Looks at the size before there is memory for the pixels. */
  private static BufferedImage decode(Path file) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
    ImageReader reader = readers.next();
    try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(stream, true, true);
      long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
      if (pixels > MOST_PIXELS) {
        throw new EngineException(
            "%s: has %d pixels; the limit is %d".formatted(file, pixels, MOST_PIXELS));
      }
      return reader.read(0);
    } catch (IOException | IllegalArgumentException e) {
      throw new EngineException(file + ": is no PNG that can be read: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }
}
