package dev.fresco.platform.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Walks the chunks of a PNG file (PNG specification, section 5): each must be whole and have the
 * right checksum, and the last must be IEND. A decoder stops at the last pixel and does not notice
 * what is missing behind it.
 */
final class PngChunks {
  private static final int TYPE_BYTES = 4;

  private PngChunks() {}

  /** What is wrong, or empty. */
  static Optional<String> problem(byte[] file) {
    ByteBuffer left = ByteBuffer.wrap(file).position(ImageFormat.PNG.signatureLength());
    while (left.remaining() >= Integer.BYTES + TYPE_BYTES) {
      int start = left.position();
      long length = Integer.toUnsignedLong(left.getInt());
      String type = new String(file, left.position(), TYPE_BYTES, StandardCharsets.ISO_8859_1);
      if (left.remaining() < TYPE_BYTES + length + Integer.BYTES) {
        return Optional.of("is truncated in the chunk at byte " + start);
      }
      CRC32 checksum = new CRC32();
      checksum.update(file, left.position(), TYPE_BYTES + (int) length);
      left.position(left.position() + TYPE_BYTES + (int) length);
      if (left.getInt() != (int) checksum.getValue()) {
        return Optional.of("is damaged: the checksum of the chunk at byte " + start + " is wrong");
      }
      if (type.equals("IEND")) {
        return Optional.empty();
      }
    }
    return Optional.of("is truncated: the IEND chunk is missing");
  }
}
