package dev.fresco.engine.training;

/**
 * The sizes of a transformer that is trained: pre-norm blocks of attention and a feed-forward
 * network with GELU, between ends of their own.
 */
public sealed interface ModelShape permits LanguageModelShape, DiffusionTransformerShape {
  /** Width of a token's state, a multiple of {@link #heads}. */
  int channels();

  /** Of attention. */
  int heads();

  /** Width of the feed-forward network's middle, mostly four times {@link #channels}. */
  int hidden();

  /** Blocks. */
  int layers();

  /** Whether a token attends to itself and those before it only. */
  boolean causal();
}
