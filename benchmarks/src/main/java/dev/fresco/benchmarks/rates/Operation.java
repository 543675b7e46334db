package dev.fresco.benchmarks.rates;

/** One product of a network, by its sizes alone. */
public sealed interface Operation {
  /** What a table calls its like. */
  enum Kind {
    WIDE_CONVOLUTION("3 x 3 convolution"),
    NARROW_CONVOLUTION("1 x 1 convolution"),
    LINEAR("linear"),
    ATTENTION("attention");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  Kind kind();

  /** Multiplications and additions. */
  double operations();

  /** The same with half the rows or tokens, or itself if they do not halve. */
  Operation halved();

  /** The same with fewer rows, as far as they halve, until it is no more work than this. */
  default Operation noMoreThan(double operations) {
    Operation smaller = halved();
    return operations() <= operations || smaller.equals(this)
        ? this
        : smaller.noMoreThan(operations);
  }

  /**
   * A convolution whose padding keeps the size, but for the stride.
   *
   * @param rows of the batch
   * @param in channels
   * @param out channels
   * @param kernel width, odd
   * @param height of what comes in
   * @param width of what comes in
   */
  record Convolution(int rows, int in, int out, int kernel, int stride, int height, int width)
      implements Operation {
    int padding() {
      return kernel / 2;
    }

    @Override
    public Kind kind() {
      return kernel == 1 ? Kind.NARROW_CONVOLUTION : Kind.WIDE_CONVOLUTION;
    }

    @Override
    public double operations() {
      int places = strided(height, stride) * strided(width, stride);
      return 2.0 * rows * places * in * out * kernel * kernel;
    }

    @Override
    public Operation halved() {
      return rows % 2 == 0
          ? new Convolution(rows / 2, in, out, kernel, stride, height, width)
          : this;
    }

    private static int strided(int size, int stride) {
      return (size + stride - 1) / stride;
    }

    @Override
    public String toString() {
      return "%d x %d x %d x %d to %d%s"
          .formatted(rows, in, height, width, out, stride == 1 ? "" : ", stride " + stride);
    }
  }

  /**
   * A matrix on tokens.
   *
   * @param tokens of all rows
   */
  record Linear(int tokens, int in, int out) implements Operation {
    @Override
    public Kind kind() {
      return Kind.LINEAR;
    }

    @Override
    public double operations() {
      return 2.0 * tokens * in * out;
    }

    @Override
    public Operation halved() {
      return tokens % 2 == 0 ? new Linear(tokens / 2, in, out) : this;
    }

    @Override
    public String toString() {
      return "%d x %d to %d".formatted(tokens, in, out);
    }
  }

  /**
   * Queries against keys, and the mix of values.
   *
   * @param width of a head
   */
  record Attention(int rows, int heads, int queries, int keys, int width) implements Operation {
    @Override
    public Kind kind() {
      return Kind.ATTENTION;
    }

    @Override
    public double operations() {
      return 4.0 * rows * heads * queries * keys * width;
    }

    @Override
    public Operation halved() {
      return rows % 2 == 0 ? new Attention(rows / 2, heads, queries, keys, width) : this;
    }

    @Override
    public String toString() {
      return "%d x %d heads of %d, %d on %d".formatted(rows, heads, width, queries, keys);
    }
  }
}
