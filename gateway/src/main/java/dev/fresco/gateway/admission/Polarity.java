package dev.fresco.gateway.admission;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which pixels of a mask an edit paints. Masks are drawn in every way, so it must be named. */
enum Polarity {
  WHITE,
  BLACK,
  TRANSPARENT;

  /** As in the API: {@code white}. */
  String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static List<String> names() {
    return Arrays.stream(values()).map(Polarity::wireName).toList();
  }

  static Optional<Polarity> named(String name) {
    return Arrays.stream(values()).filter(way -> way.wireName().equals(name)).findFirst();
  }

  /**
   * How much a pixel is painted.
   *
   * @param grey 0 to 255, its brightness
   * @param alpha 0 to 255, where 255 is opaque
   * @return 0 to 255, where 255 is all of it
   */
  int paint(int grey, int alpha) {
    return switch (this) {
      case WHITE -> part(grey, alpha);
      case BLACK -> part(255 - grey, alpha);
      case TRANSPARENT -> 255 - alpha;
    };
  }

  /** A mask drawn on a transparent ground paints where something was drawn. */
  private static int part(int value, int alpha) {
    return (value * alpha + 127) / 255;
  }
}
