package dev.fresco.engine.adapter;

import dev.fresco.engine.HostTensor;

/**
 * What an adapter adds to the weight of one layer: {@code scale * up * down}.
 *
 * @param down {@code [rank, in]}, or {@code [rank, in, height, width]} of a convolution
 * @param up {@code [out, rank]}, or {@code [out, rank, 1, 1]}
 * @param scale alpha / rank; 1 where the file has no alpha
 */
public record LowRank(HostTensor down, HostTensor up, double scale) {
  public LowRank {
    long[] inner = down.shape();
    long[] outer = up.shape();
    if (inner.length != outer.length || inner[0] != outer[1]) {
      throw new IllegalArgumentException(
          "the halves have "
              + inner.length
              + " and "
              + outer.length
              + " dimensions, ranks "
              + inner[0]
              + " and "
              + outer[1]);
    }
    if (!Double.isFinite(scale)) {
      throw new IllegalArgumentException("scale is " + scale + "; it must be finite");
    }
  }

  public int rank() {
    return (int) down.shape()[0];
  }
}
