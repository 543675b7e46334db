package dev.fresco.engine.training;

/** The kinds of layers, as kernel {@code language_model} names their methods. */
enum LayerKind {
  EMBEDDING("embedding"),
  BLOCK("block"),
  HEAD("head");

  private final String methods;

  LayerKind(String methods) {
    this.methods = methods;
  }

  String forward() {
    return methods + "_forward";
  }

  String backward() {
    return methods + "_backward";
  }

  String weights() {
    return methods + "_weights";
  }
}
