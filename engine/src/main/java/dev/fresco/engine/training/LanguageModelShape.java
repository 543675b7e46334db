package dev.fresco.engine.training;

/**
 * The sizes of a decoder-only transformer: pre-norm blocks with causal attention and a feed-forward
 * network with GELU, learned positions, a head that shares no weights with the embedding (Radford
 * et al. 2019, but for the head).
 *
 * @param vocabulary different tokens, 1 or more
 * @param positions the longest sequence, in tokens
 * @param channels width of a token's state, a multiple of {@code heads}
 * @param heads of attention
 * @param hidden width of the feed-forward network's middle, mostly four times {@code channels}
 * @param layers blocks
 */
public record LanguageModelShape(
    int vocabulary, int positions, int channels, int heads, int hidden, int layers)
    implements ModelShape {
  public LanguageModelShape {
    Sizes.requirePositive("vocabulary", vocabulary);
    Sizes.requirePositive("positions", positions);
    Sizes.requireBlocks(channels, heads, hidden, layers);
  }

  @Override
  public boolean causal() {
    return true;
  }
}
