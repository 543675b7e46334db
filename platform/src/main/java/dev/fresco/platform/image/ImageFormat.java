package dev.fresco.platform.image;

import java.util.Arrays;
import java.util.Optional;

/** The image formats that are taken in, told by their first bytes. */
public enum ImageFormat {
  PNG("image/png", 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'),
  JPEG("image/jpeg", 0xFF, 0xD8, 0xFF);

  private final String contentType;
  private final byte[] signature;

  ImageFormat(String contentType, int... signature) {
    this.contentType = contentType;
    this.signature = new byte[signature.length];
    for (int i = 0; i < signature.length; i++) {
      this.signature[i] = (byte) signature[i];
    }
  }

  public String contentType() {
    return contentType;
  }

  int signatureLength() {
    return signature.length;
  }

  public static Optional<ImageFormat> of(byte[] file) {
    return Arrays.stream(values()).filter(format -> format.matches(file)).findFirst();
  }

  private boolean matches(byte[] file) {
    return file.length >= signature.length
        && Arrays.equals(signature, 0, signature.length, file, 0, signature.length);
  }
}
