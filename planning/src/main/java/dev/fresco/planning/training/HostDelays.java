package dev.fresco.planning.training;

import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.planning.training.HostPlacement.SlowPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Delays between hosts, and what they mean for the places of a job. */
final class HostDelays {
  private HostDelays() {}

  /** The pairs of hosts that delays lie between; those within a stage have none. */
  static List<SlowPair> pairs(Collection<TrainingDelay> delays, HostPlacement placement) {
    Map<List<Integer>, SlowPair> pairs = new LinkedHashMap<>();
    for (TrainingDelay delay : delays) {
      Place place = Place.read(delay.place());
      if (place.sort() == Place.Sort.STAGE) {
        continue;
      }
      int one = placement.hostOf(place.index(), place.replica());
      int next = place.sort() == Place.Sort.LINK ? place.index() + 1 : place.index();
      int two = placement.hostOf(next, place.receiver());
      SlowPair pair =
          new SlowPair(
              Math.min(one, two), Math.max(one, two), delay.slowMillis() - delay.healthyMillis());
      pairs.merge(
          List.of(pair.host(), pair.other()),
          pair,
          (a, b) -> a.delayMillis() >= b.delayMillis() ? a : b);
    }
    return List.copyOf(pairs.values());
  }

  /**
   * The delays of links that slow pairs will carry.
   *
   * @param healthyMillis of a message in the pipeline
   */
  static List<TrainingDelay> ofLinks(
      Collection<SlowPair> pairs, HostPlacement placement, double healthyMillis, Instant begin) {
    List<TrainingDelay> delays = new ArrayList<>();
    for (SlowPair pair : pairs) {
      if (placement.tie(pair.host(), pair.other()) == HostPlacement.Tie.PIPELINE) {
        int before = Math.min(placement.stageOf(pair.host()), placement.stageOf(pair.other()));
        String place = Place.link(before, placement.replicaOf(pair.host())).toString();
        for (String operation : List.of("send_activation", "send_gradient")) {
          delays.add(
              new TrainingDelay(
                  place,
                  operation,
                  begin,
                  null,
                  healthyMillis,
                  healthyMillis + pair.delayMillis()));
        }
      }
    }
    return delays;
  }
}
