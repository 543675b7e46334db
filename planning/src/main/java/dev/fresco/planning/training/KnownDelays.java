package dev.fresco.planning.training;

import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.planning.straggler.Degradation;
import dev.fresco.planning.straggler.OperationKind;
import dev.fresco.planning.straggler.StragglerDetector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is slow, as the detectors say and as the plan in force says.
 *
 * <p>Goal: a plan that was made for a slow link is given up when the link heals, also by a process
 * that has only seen the link slow. Constraints: a detector takes what it sees first for healthy.
 *
 * <p>Algorithm: the delays of a plan that this process finds in force, or that it makes for hosts
 * that change places, are inherited. An inherited delay keeps what was healthy then; its size is
 * what the operation takes now. It is over when that was near the healthy time in {@value #SURE}
 * checks in a row. Where a detector sees the same operation, what was inherited stands.
 *
 * <p>Owned by one {@link PipelineWatch}.
 */
final class KnownDelays {
  /** Checks come with reports, one an iteration. */
  static final int SURE = 4;

  /** As of degradations: by 10 % slower is slow (Adaptra, arXiv:2504.19232). */
  private static final double NEAR = 1.1;

  private final Map<Key, Inherited> inherited = new LinkedHashMap<>();

  private record Key(String place, String operation) {}

  private static final class Inherited {
    private final TrainingDelay delay;
    private int nearInARow;

    Inherited(TrainingDelay delay) {
      this.delay = delay;
    }
  }

  /** Takes over what a plan says is slow. */
  void inherit(Collection<TrainingDelay> delays) {
    inherited.clear();
    for (TrainingDelay delay : delays) {
      inherited.put(new Key(delay.place(), delay.operation()), new Inherited(delay));
    }
  }

  /**
   * The inherited delays of a place that have ended.
   *
   * @param now of the report after which this is asked
   */
  List<TrainingDelay> healed(Detectors detectors, String place, Instant now) {
    List<TrainingDelay> healed = new ArrayList<>();
    for (Iterator<Inherited> all = inherited.values().iterator(); all.hasNext(); ) {
      Inherited one = all.next();
      if (one.delay.place().equals(place) && isHealed(one, detectors)) {
        all.remove();
        healed.add(ended(one.delay, now));
      }
    }
    return healed;
  }

  private static boolean isHealed(Inherited one, Detectors detectors) {
    OptionalDouble millis = millis(one.delay, detectors);
    boolean near = millis.isPresent() && millis.getAsDouble() <= NEAR * one.delay.healthyMillis();
    one.nearInARow = near ? one.nearInARow + 1 : 0;
    return one.nearInARow >= SURE;
  }

  /**
   * A delay as a detector tells of it; if it is inherited, with what was healthy then. Empty for
   * the end of an inherited one: that has a measure of its own.
   */
  Optional<TrainingDelay> told(TrainingDelay delay, Detectors detectors) {
    Inherited known = inherited.get(new Key(delay.place(), delay.operation()));
    if (known == null) {
      return Optional.of(delay);
    }
    return delay.end() == null ? Optional.of(sized(known.delay, detectors)) : Optional.empty();
  }

  /** All that is slow now, in an order that does not depend on when it was found. */
  List<TrainingDelay> now(Detectors detectors) {
    Map<Key, TrainingDelay> all = new LinkedHashMap<>();
    for (Degradation one : detectors.degraded()) {
      TrainingDelay delay = of(one);
      all.put(new Key(delay.place(), delay.operation()), delay);
    }
    inherited.forEach((key, one) -> all.put(key, sized(one.delay, detectors)));
    return all.values().stream()
        .sorted(Comparator.comparing(TrainingDelay::place).thenComparing(TrainingDelay::operation))
        .toList();
  }

  private static TrainingDelay sized(TrainingDelay delay, Detectors detectors) {
    double now = millis(delay, detectors).orElse(delay.slowMillis());
    return new TrainingDelay(
        delay.place(),
        delay.operation(),
        delay.begin(),
        null,
        delay.healthyMillis(),
        Math.max(delay.healthyMillis(), now));
  }

  private static OptionalDouble millis(TrainingDelay delay, Detectors detectors) {
    OperationKind kind = OperationKind.valueOf(delay.operation().toUpperCase(Locale.ROOT));
    return detectors.of(Place.read(delay.place())).millis(delay.place(), kind);
  }

  private static TrainingDelay ended(TrainingDelay delay, Instant end) {
    Instant last = end.isBefore(delay.begin()) ? delay.begin() : end;
    return new TrainingDelay(
        delay.place(),
        delay.operation(),
        delay.begin(),
        last,
        delay.healthyMillis(),
        delay.slowMillis());
  }

  static TrainingDelay of(Degradation degradation) {
    return new TrainingDelay(
        degradation.place(),
        degradation.kind().name().toLowerCase(Locale.ROOT),
        degradation.begin(),
        degradation.end().orElse(null),
        degradation.healthyMillis(),
        degradation.slowMillis());
  }

  /** The detectors of a job; which one sees a place. */
  interface Detectors {
    StragglerDetector of(Place place);

    List<Degradation> degraded();
  }
}
