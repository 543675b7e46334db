package dev.fresco.contracts;

/**
 * A file in the object store. It travels by name; whoever fetches it can tell by size and hash that
 * it is the one that was meant.
 *
 * @param sha256 of its bytes, 64 hexadecimal digits
 */
public record StoredObject(String objectKey, String sha256, long bytes) {
  public StoredObject {
    Require.text("objectKey", objectKey);
    Require.text("sha256", sha256);
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes is " + bytes + "; the least is 1");
    }
  }
}
