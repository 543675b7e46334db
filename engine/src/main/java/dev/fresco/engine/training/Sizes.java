package dev.fresco.engine.training;

/** What the sizes of a model must be. */
final class Sizes {
  private Sizes() {}

  static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d; it must be 1 or more".formatted(name, value));
    }
  }

  static void requireMultiple(String name, int value, String ofName, int of) {
    if (value % of != 0) {
      throw new IllegalArgumentException(
          "%s %d are not a multiple of %s %d".formatted(name, value, ofName, of));
    }
  }

  static void requireBlocks(int channels, int heads, int hidden, int layers) {
    requirePositive("channels", channels);
    requirePositive("heads", heads);
    requirePositive("hidden", hidden);
    requirePositive("layers", layers);
    requireMultiple("channels", channels, "heads", heads);
  }
}
