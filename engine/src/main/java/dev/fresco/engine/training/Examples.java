package dev.fresco.engine.training;

/** What a model is shown, and what it should say to it. */
public sealed interface Examples permits TokenExamples, NoisyLatents {
  int rows();

  /**
   * Tokens that a model makes of each row.
   *
   * @throws IllegalArgumentException if these are no examples for it, naming what does not fit
   */
  int places(ModelShape shape);
}
