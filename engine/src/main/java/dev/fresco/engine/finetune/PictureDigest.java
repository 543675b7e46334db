package dev.fresco.engine.finetune;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Tells one set of captioned pictures from another. */
final class PictureDigest {
  private PictureDigest() {}

  /** SHA-256 over names, captions and pixels, in hexadecimal digits. */
  static String of(List<CaptionedPicture> pictures) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (CaptionedPicture each : pictures) {
        add(digest, each.name().getBytes(UTF_8));
        add(digest, each.caption().getBytes(UTF_8));
        add(digest, each.picture().rgb());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void add(MessageDigest digest, byte[] bytes) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }
}
