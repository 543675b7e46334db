package dev.fresco.engine.training;

/**
 * The sizes of a diffusion transformer with in-context conditioning (Peebles and Xie 2023, section
 * 3.2): patches of noisy latents with learned positions, before them a token of the time and one of
 * the label, and a head that shares no weights with the embedding.
 *
 * <p>Example: latents of 4 x 16 x 16 in patches of 2 are 64 tokens and the two of the conditions.
 *
 * @param labels different labels, 1 or more; a model that is to know pictures without a label has
 *     one label for these
 * @param channels width of a token's state, a multiple of {@code heads}
 * @param heads of attention
 * @param hidden width of the feed-forward network's middle, mostly four times {@code channels}
 * @param layers blocks
 */
public record DiffusionTransformerShape(
    Latents latents, int labels, int channels, int heads, int hidden, int layers)
    implements ModelShape {
  /** Tokens before those of the patches: of the time and of the label. */
  static final int CONDITIONS = 2;

  /** Numbers that a time becomes before its projection, as in the paper's code. */
  static final int TIME_WAVES = 256;

  /**
   * Pictures of one size, as the model sees them.
   *
   * @param height in latent places, a multiple of {@code patch}
   * @param width like the height
   * @param patch latent places on each axis of a patch
   */
  public record Latents(int channels, int height, int width, int patch) {
    public Latents {
      Sizes.requirePositive("latent channels", channels);
      Sizes.requirePositive("height", height);
      Sizes.requirePositive("width", width);
      Sizes.requirePositive("patch", patch);
      Sizes.requireMultiple("places of height", height, "patch", patch);
      Sizes.requireMultiple("places of width", width, "patch", patch);
    }

    int patches() {
      return height / patch * (width / patch);
    }
  }

  public DiffusionTransformerShape {
    Sizes.requirePositive("labels", labels);
    Sizes.requireBlocks(channels, heads, hidden, layers);
  }

  @Override
  public boolean causal() {
    return false;
  }
}
