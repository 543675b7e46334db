package dev.fresco.engine.training;

/** The kinds of layers, by the names that kernels have for them. */
enum LayerKind {
  EMBEDDING("embedding"),
  BLOCK("block"),
  HEAD("head");

  private final String methods;

  LayerKind(String methods) {
    this.methods = methods;
  }

  /** The kernel that has a layer of this kind. */
  String kernel(ModelShape model) {
    if (this == BLOCK) {
      return "trained_block";
    }
    return model instanceof LanguageModelShape ? "language_model" : "diffusion_transformer";
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
