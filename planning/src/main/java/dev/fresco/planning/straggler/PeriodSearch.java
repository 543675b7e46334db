package dev.fresco.planning.straggler;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * The first samples of one place and kind, kept until they tell how many make an iteration.
 *
 * <p>Algorithm: between the last microbatch of an iteration and the first of the next is a gap, and
 * warm-up, steady state and cool-down differ. So the logarithms of the gaps between begins have the
 * period of the iteration ({@link IterationPeriod}). {@value #SAMPLES} of them show up to 63
 * samples an iteration; gaps without a period are those of one sample an iteration.
 *
 * <p>Owned by one {@link IterationSearch}.
 */
final class PeriodSearch {
  static final int SAMPLES = 256;

  /** Gaps below it are alike: a microsecond. */
  private static final double LEAST_GAP_SECONDS = 1e-6;

  private final TreeSet<Sample> samples = new TreeSet<>(Comparator.comparing(Sample::at));

  /** Takes a sample, unless another began when it did; the earliest makes room. */
  void add(Sample sample) {
    samples.add(sample);
    if (samples.size() > SAMPLES) {
      samples.pollFirst();
    }
  }

  boolean isOver() {
    return samples.size() == SAMPLES;
  }

  int samplesPerIteration() {
    List<Sample> ordered = inOrder();
    double[] gaps = new double[ordered.size() - 1];
    for (int i = 0; i < gaps.length; i++) {
      double seconds = seconds(ordered.get(i + 1)) - seconds(ordered.get(i));
      gaps[i] = Math.log(Math.max(seconds, LEAST_GAP_SECONDS));
    }
    return IterationPeriod.of(gaps).orElse(1);
  }

  private double seconds(Sample sample) {
    long whole = sample.at().getEpochSecond() - samples.first().at().getEpochSecond();
    return whole + 1e-9 * sample.at().getNano();
  }

  List<Sample> inOrder() {
    return List.copyOf(samples);
  }
}
