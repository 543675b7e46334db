package dev.fresco.planning.straggler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Which stages and links are slower than they should be, from the times of their operations alone.
 *
 * <p>Goal: of delays that an iteration can feel, nearly all are found within five iterations, and
 * nothing else is; nobody says where a delay is or when it comes.
 *
 * <p>Constraints: places differ from each other when healthy; a burst of one or two iterations is
 * no degradation, nor is a drift of the whole machine, nor a slow one of a single place; several
 * places may be slow at once. Microseconds a sample; some kilobytes a place and kind.
 *
 * <p>Algorithm: each place and kind is an {@link OperationTrack} of its own, and those of one kind
 * are a {@link PeerGroup}. Detection is that of Adaptra (arXiv:2504.19232, "Detection") and
 * Greyhound: iterations by autocorrelation, changes by Bayesian online change-point detection, and
 * rules of 10 %.
 *
 * <p>Limits: noise is taken to be independent from sample to sample. With a deviation s of the mean
 * of half an iteration, an excess below about 1.8 s is found late or not at all; of one sample an
 * iteration, below 2.5 s. A place is known after its first {@value OperationTrack#WARM_UP} half
 * iterations; what is slow throughout them is not seen until it is better. A quarter of a place's
 * peers must be healthy, and at least one, or the machine is held to be slow. A place that sends
 * nothing stays as it was.
 *
 * <p>Samples that are too late, or come twice, are left out without a word: they are common where
 * events are delivered at least once. Too late is what began no later than a block that is already
 * full.
 *
 * <p>Belongs to one thread.
 *
 * <p>Example: link 1 takes 6 ms, and from 10:00:00 on 18 ms. About three iterations later {@link
 * #observe} gives a degradation with a delay of 12 ms that began at 10:00:00, and gives it again,
 * ended, three iterations after the link has healed.
 */
public final class StragglerDetector {
  private final Map<Operation, OperationTrack> tracks = new HashMap<>();
  private final Map<OperationKind, PeerGroup> groups = new EnumMap<>(OperationKind.class);
  private OptionalInt samplesPerIteration;
  private IterationSearch search = new IterationSearch();

  private StragglerDetector(OptionalInt samplesPerIteration) {
    this.samplesPerIteration = samplesPerIteration;
  }

  /**
   * Of iterations whose samples are counted.
   *
   * @param samplesPerIteration of each place and kind: the number of microbatches, or 1 if samples
   *     are means of iterations; at least 1
   */
  public static StragglerDetector of(int samplesPerIteration) {
    if (samplesPerIteration < 1) {
      throw new IllegalArgumentException(
          "samplesPerIteration is " + samplesPerIteration + "; the least is 1");
    }
    return new StragglerDetector(OptionalInt.of(samplesPerIteration));
  }

  /**
   * Of iterations that are found in the samples: each place and kind has as many of them. They are
   * kept until most places have {@value PeriodSearch#SAMPLES}. Above 63 an iteration are not found,
   * and must be counted.
   */
  public static StragglerDetector findingIterations() {
    return new StragglerDetector(OptionalInt.empty());
  }

  /**
   * Takes one more sample.
   *
   * @return the degradations that began with it, changed their size or ended: none, or one, but for
   *     the sample with which the iterations are found
   */
  public List<Degradation> observe(Sample sample) {
    if (samplesPerIteration.isPresent()) {
      return track(sample).observe(sample).map(List::of).orElse(List.of());
    }
    search.add(sample);
    if (!search.isOver()) {
      return List.of();
    }
    samplesPerIteration = OptionalInt.of(search.samplesPerIteration());
    List<Degradation> told = new ArrayList<>();
    search.samples().forEach(kept -> track(kept).observe(kept).ifPresent(told::add));
    search = new IterationSearch();
    return List.copyOf(told);
  }

  private OperationTrack track(Sample sample) {
    Operation operation = Operation.of(sample);
    OperationTrack known = tracks.get(operation);
    if (known != null) {
      return known;
    }
    PeerGroup group = groups.computeIfAbsent(sample.kind(), first -> new PeerGroup());
    int samples = samplesPerIteration.orElseThrow();
    OperationTrack track = new OperationTrack(sample.place(), sample.kind(), samples, group);
    tracks.put(operation, track);
    group.add(track);
    return track;
  }

  /** Drops what is known of a stage or link: it was replaced, or its clock was. */
  public void forget(String place) {
    search.forget(place);
    tracks.keySet().removeIf(operation -> operation.place().equals(place));
    groups.values().forEach(group -> group.remove(place));
  }

  /** What is degraded now, by place and kind. */
  public List<Degradation> degraded() {
    return tracks.values().stream()
        .flatMap(track -> track.degradation().stream())
        .sorted(Comparator.comparing(Degradation::place).thenComparing(Degradation::kind))
        .toList();
  }

  /**
   * What an operation takes now: the median of the last {@value RecentMillis#LENGTH}, or of those
   * since a degradation began, changed its size or ended; empty before the first.
   */
  public OptionalDouble millis(String place, OperationKind kind) {
    OperationTrack track = tracks.get(new Operation(place, kind));
    return track == null ? OptionalDouble.empty() : OptionalDouble.of(track.millis());
  }
}
