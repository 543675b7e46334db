package dev.fresco.platform.catalogue;

import dev.fresco.platform.web.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Ids that follow from content: the same bytes of the same tenant have the same id, so that an
 * upload can be repeated at any point without harm. Tenants share no ids, for one could delete what
 * the other uploaded.
 */
public final class ContentId {
  private static final int DIGITS = 26;
  private static final int BUFFER_BYTES = 1 << 16;

  private ContentId() {}

  /** SHA-256 in hexadecimal. The caller closes the stream. */
  public static String sha256(InputStream bytes) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
      digest.update(buffer, 0, read);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * An id.
   *
   * @param prefix what it names, for example {@code tpl}
   * @param sha256 of the content, in hexadecimal
   */
  public static String of(String prefix, Tenant tenant, String sha256) {
    byte[] owned = (tenant.id() + "/" + sha256).getBytes(StandardCharsets.US_ASCII);
    return prefix + "_" + HexFormat.of().formatHex(digest().digest(owned)).substring(0, DIGITS);
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
