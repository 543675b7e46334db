package dev.fresco.gateway.api;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.springframework.http.MediaType;

/** How a picture can be had. */
enum ImageFormat {
  /** As the worker stored it. */
  PNG(MediaType.IMAGE_PNG) {
    @Override
    byte[] encode(byte[] stored) {
      return stored;
    }
  },
  /** On white, since JPEG knows no transparency. */
  JPEG(MediaType.IMAGE_JPEG) {
    @Override
    byte[] encode(byte[] stored) throws IOException {
      return toJpeg(ImageIO.read(new ByteArrayInputStream(stored)));
    }
  };

  private static final float JPEG_QUALITY = 0.92f;

  private final MediaType mediaType;

  ImageFormat(MediaType mediaType) {
    this.mediaType = mediaType;
  }

  abstract byte[] encode(byte[] stored) throws IOException;

  MediaType mediaType() {
    return mediaType;
  }

  String extension() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a picture's own tag gets in this format. */
  String tagSuffix() {
    return this == PNG ? "" : "-" + extension();
  }

  static List<String> names() {
    return Arrays.stream(values()).map(ImageFormat::extension).toList();
  }

  static Optional<ImageFormat> named(String name) {
    return Arrays.stream(values()).filter(format -> format.extension().equals(name)).findFirst();
  }

  private static byte[] toJpeg(BufferedImage picture) throws IOException {
    BufferedImage opaque =
        new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = opaque.createGraphics();
    canvas.drawImage(picture, 0, 0, Color.WHITE, null);
    canvas.dispose();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(JPEG_QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(opaque, null, null), settings);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
