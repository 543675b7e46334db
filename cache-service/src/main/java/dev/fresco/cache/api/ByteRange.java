package dev.fresco.cache.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file (RFC 9110, section 14.1.2).
 *
 * @param from first byte
 * @param length 0 if no byte of the file is asked for
 */
record ByteRange(long from, long length) {
  private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /** What a header asks for; empty if it asks for several parts or is none: then all is sent. */
  static Optional<ByteRange> of(String header, long whole) {
    Matcher parts = SINGLE.matcher(header == null ? "" : header.replace(" ", ""));
    if (!parts.matches() || parts.group(1).isEmpty() && parts.group(2).isEmpty()) {
      return Optional.empty();
    }
    if (parts.group(1).isEmpty()) {
      long last = Math.min(Long.parseLong(parts.group(2)), whole);
      return Optional.of(new ByteRange(whole - last, last));
    }
    long from = Long.parseLong(parts.group(1));
    long to = parts.group(2).isEmpty() ? Long.MAX_VALUE - 1 : Long.parseLong(parts.group(2));
    if (to < from) {
      return Optional.empty();
    }
    return Optional.of(new ByteRange(from, Math.max(0, Math.min(to + 1, whole) - from)));
  }

  /** For the header {@code Content-Range}. */
  String of(long whole) {
    return "bytes " + from + "-" + (from + length - 1) + "/" + whole;
  }
}
