package dev.fresco.engine;

import java.util.List;

/**
 * What the norms of an autoencoder's decoder saw in a whole picture, by which parts of similar
 * pictures can be decoded alone. A few KiB; independent of size and batch.
 *
 * @param norms in the order of computation, {@code [2][groups]} each: means, then reciprocals of
 *     standard deviations; none for a decoder without norms
 */
public record DecoderStatistics(List<float[]> norms) {
  public DecoderStatistics {
    norms = List.copyOf(norms);
  }

  /** Of a decoder without norms. */
  public static DecoderStatistics none() {
    return new DecoderStatistics(List.of());
  }
}
