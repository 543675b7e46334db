package dev.fresco.engine.kernel;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * What adapters add to the products of a network in a batch whose rows have different ones: {@code
 * y += up(down(x))} on the rows concerned.
 */
public final class AdapterTerms implements AutoCloseable {
  private final KernelWeights sets;
  private final long[] ranges;

  private AdapterTerms(KernelWeights sets, long[] ranges) {
    this.sets = sets;
    this.ranges = ranges;
  }

  /** Rows that have a set of adapters: first, and last plus one, of a group. */
  public record Rows(int set, int group, int first, int last) {}

  /** No adapters anywhere. */
  public static AdapterTerms none() {
    return None.NONE;
  }

  /**
   * Terms of some sets.
   *
   * @param sets for each the factors by {@code LAYER.down} and {@code LAYER.up}, with the layer's
   *     full name in the network
   */
  public static AdapterTerms of(List<KernelWeights> sets, List<Rows> rows) {
    if (rows.isEmpty()) {
      return none();
    }
    long[] ranges =
        rows.stream()
            .flatMapToLong(
                each -> LongStream.of(each.set(), each.group(), each.first(), each.last()))
            .toArray();
    return new AdapterTerms(KernelWeights.listOf(sets), ranges);
  }

  KernelWeights sets() {
    return sets;
  }

  long[] ranges() {
    return ranges;
  }

  /** Frees the list, not the factors. */
  @Override
  public void close() {
    if (this != None.NONE) {
      sets.close();
    }
  }

  /** Made at first use, when the natives are loaded; lives as long as the process. */
  private static final class None {
    private static final AdapterTerms NONE =
        new AdapterTerms(KernelWeights.listOf(List.of(KernelWeights.of(Map.of()))), new long[0]);
  }
}
