package dev.fresco.worker.finish;

import dev.fresco.engine.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;

/** Writes pictures as PNG with the JDK's own codec, texts in international text chunks. */
public final class PngEncoder {
  private static final String FORMAT = "javax_imageio_png_1.0";

  private PngEncoder() {}

  /**
   * Encodes a picture.
   *
   * @param texts keyword to text; keywords are Latin-1, 1 to 79 characters
   */
  public static byte[] encode(Picture picture, Map<String, String> texts) {
    BufferedImage image = picture.image();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), null);
      if (!texts.isEmpty()) {
        metadata.mergeTree(FORMAT, tree(texts));
      }
      writer.setOutput(out);
      writer.write(new IIOImage(image, null, metadata));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static IIOMetadataNode tree(Map<String, String> texts) {
    IIOMetadataNode chunks = new IIOMetadataNode("iTXt");
    texts.forEach(
        (keyword, text) -> {
          IIOMetadataNode entry = new IIOMetadataNode("iTXtEntry");
          entry.setAttribute("keyword", keyword);
          entry.setAttribute("compressionFlag", "FALSE");
          entry.setAttribute("compressionMethod", "0");
          entry.setAttribute("languageTag", "");
          entry.setAttribute("translatedKeyword", "");
          entry.setAttribute("text", text);
          chunks.appendChild(entry);
        });
    IIOMetadataNode root = new IIOMetadataNode(FORMAT);
    root.appendChild(chunks);
    return root;
  }
}
