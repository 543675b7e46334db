package dev.fresco.planning.straggler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Other places whose operations are of the same kind: what slows all of them is no straggler.
 *
 * @param all of the kind, {@code self} among them
 */
record Peers(OperationTrack self, List<OperationTrack> all) {
  /**
   * By how much the peers, too, are above their baselines since a time, as a difference of
   * logarithms, at least 0.
   *
   * <p>The lower quartile of them, and not the median: of three links two may be slow at once, and
   * the third shows that the machine is not. Of four peers and less, it is the least.
   */
  double common(Instant since) {
    List<Double> excess = new ArrayList<>();
    for (OperationTrack peer : all) {
      if (peer != self) {
        peer.excessSince(since).ifPresent(excess::add);
      }
    }
    Collections.sort(excess);
    return excess.isEmpty() ? 0 : Math.max(0, excess.get((excess.size() - 1) / 4));
  }

  /** Where the healthy ones of the peers are now, against their baselines: the mean, or 0. */
  double drift() {
    double sum = 0;
    int healthy = 0;
    for (OperationTrack peer : all) {
      if (peer != self && peer.isHealthy()) {
        sum += peer.latelyAbove();
        healthy++;
      }
    }
    return healthy == 0 ? 0 : sum / healthy;
  }
}
