package dev.fresco.planning.straggler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The first samples of all places and kinds, kept until they tell how many of each make an
 * iteration.
 *
 * <p>Algorithm: each place and kind is searched on its own ({@link PeriodSearch}). When more than
 * half of them are over, the number that most have found is it, the least of several: a lost sample
 * can make one or the other wrong, but not most.
 *
 * <p>Owned by one {@link StragglerDetector}.
 */
final class IterationSearch {
  private final Map<Operation, PeriodSearch> searches = new HashMap<>();

  void add(Sample sample) {
    searches.computeIfAbsent(Operation.of(sample), first -> new PeriodSearch()).add(sample);
  }

  void forget(String place) {
    searches.keySet().removeIf(operation -> operation.place().equals(place));
  }

  boolean isOver() {
    return searches.values().stream().filter(PeriodSearch::isOver).count() > searches.size() / 2;
  }

  /** What the searches that are over have found; at least one is. */
  int samplesPerIteration() {
    Map<Integer, Integer> votes = new TreeMap<>();
    for (PeriodSearch search : searches.values()) {
      if (search.isOver()) {
        votes.merge(search.samplesPerIteration(), 1, Integer::sum);
      }
    }
    int best = votes.keySet().iterator().next();
    for (Map.Entry<Integer, Integer> vote : votes.entrySet()) {
      best = vote.getValue() > votes.get(best) ? vote.getKey() : best;
    }
    return best;
  }

  /** All samples that are kept, in the order of their begins. */
  List<Sample> samples() {
    List<Sample> samples = new ArrayList<>();
    searches.values().forEach(search -> samples.addAll(search.inOrder()));
    samples.sort(
        Comparator.comparing(Sample::at).thenComparing(Sample::place).thenComparing(Sample::kind));
    return samples;
  }
}
