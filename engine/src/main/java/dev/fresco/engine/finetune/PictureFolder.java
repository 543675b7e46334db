package dev.fresco.engine.finetune;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fresco.engine.EngineException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A folder of captioned pictures: each {@code NAME.png} has its caption in {@code NAME.txt}, UTF-8.
 * Other files are none of its business. Pictures are in the order of their names, and one is in
 * memory only while it is asked for.
 */
public final class PictureFolder {
  public static final int MOST_PICTURES = 10_000;

  private static final String PICTURE = ".png";
  private static final String CAPTION = ".txt";
  private static final long MOST_PIXELS = 1L << 24;
  private static final int MOST_CAPTION_BYTES = 10_000;

  private final List<Path> pictures;

  private PictureFolder(List<Path> pictures) {
    this.pictures = pictures;
  }

  /**
   * Looks what is there.
   *
   * @throws EngineException naming the file and what is wrong: no pictures or too many, or one
   *     without a caption
   */
  public static PictureFolder open(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> pictures =
          files.filter(file -> file.getFileName().toString().endsWith(PICTURE)).sorted().toList();
      if (pictures.isEmpty() || pictures.size() > MOST_PICTURES) {
        throw new EngineException(
            "%s: has %d pictures (%s); there must be 1 to %d"
                .formatted(folder, pictures.size(), PICTURE, MOST_PICTURES));
      }
      for (Path picture : pictures) {
        caption(picture);
      }
      return new PictureFolder(pictures);
    } catch (IOException e) {
      throw new EngineException(folder + ": cannot be read: " + e, e);
    }
  }

  public int count() {
    return pictures.size();
  }

  /**
   * Tells one set of captioned pictures from another: SHA-256 over names, captions and files, in
   * hexadecimal digits.
   *
   * @throws EngineException naming the file that cannot be read
   */
  public String digest() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path picture : pictures) {
        add(digest, picture.getFileName().toString().getBytes(UTF_8));
        add(digest, caption(picture).getBytes(UTF_8));
        add(digest, Files.readAllBytes(picture));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new EngineException(pictures.get(0).getParent() + ": cannot be read: " + e, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  /**
   * Reads a picture: the largest centred part of the wanted proportions, at the wanted size.
   *
   * @param index from 0 to below {@link #count}
   * @throws EngineException naming the file, if it is no PNG or too large
   */
  public CaptionedPicture read(int index, FineTuneSettings.Size size) {
    Path file = pictures.get(index);
    return new CaptionedPicture(
        file.getFileName().toString(),
        PictureFit.centred(decode(file), size.width(), size.height()),
        caption(file));
  }

  private static String caption(Path picture) {
    String name = picture.getFileName().toString();
    Path file =
        picture.resolveSibling(name.substring(0, name.length() - PICTURE.length()) + CAPTION);
    if (!Files.isRegularFile(file)) {
      throw new EngineException(picture + ": has no caption " + file.getFileName());
    }
    try {
      if (Files.size(file) > MOST_CAPTION_BYTES) {
        throw new EngineException(
            "%s: has %d bytes; a caption has at most %d"
                .formatted(file, Files.size(file), MOST_CAPTION_BYTES));
      }
      String caption = Files.readString(file).strip();
      if (caption.isEmpty()) {
        throw new EngineException(file + ": is blank");
      }
      return caption;
    } catch (CharacterCodingException e) {
      throw new EngineException(file + ": is no UTF-8 text", e);
    } catch (IOException e) {
      throw new EngineException(file + ": cannot be read: " + e, e);
    }
  }

  private static BufferedImage decode(Path file) {
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    try (ImageInputStream stream = ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(stream, true, true);
      requireSize(file, reader);
      return reader.read(0);
    } catch (EngineException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // the reader trips over damage in many ways
      throw new EngineException(file + ": is no PNG that can be read: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  /** Before there is memory for the pixels. */
  private static void requireSize(Path file, ImageReader reader) throws IOException {
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    if (pixels > MOST_PIXELS) {
      throw new EngineException(
          "%s: has %d pixels; the limit is %d".formatted(file, pixels, MOST_PIXELS));
    }
  }
}
