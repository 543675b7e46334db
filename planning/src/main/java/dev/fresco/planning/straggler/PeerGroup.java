package dev.fresco.planning.straggler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The places whose operations are of one kind: what slows all of them is no straggler.
 *
 * <p>Algorithm: what peers have in common is the lower quartile of theirs, and not the median: of
 * three links two may be slow at once, and the third shows that the machine is not. Of four peers
 * and less it is the least. What all have in common for long moves the baselines of all, of the
 * degraded ones too: or they could not be seen to heal after the machine has drifted.
 *
 * <p>All numbers are differences of logarithms. Owned by one {@link StragglerDetector}.
 */
final class PeerGroup {
  /** Of what all have in common, in their baselines with each block of each. */
  private static final double FOLLOWS = 1. / 8;

  private final List<OperationTrack> tracks = new ArrayList<>();
  private double drift;

  void add(OperationTrack track) {
    tracks.add(track);
  }

  void remove(String place) {
    tracks.removeIf(track -> track.isAt(place));
  }

  /** By how much all are above where they began. */
  double drift() {
    return drift;
  }

  /** By how much the peers of one, too, are above their baselines since a time; at least 0. */
  double common(OperationTrack self, Instant since) {
    return lowerQuartile(of(self, peer -> peer.excessSince(since)));
  }

  /** The same, whatever bursts there were. */
  double steady(OperationTrack self, Instant since) {
    return lowerQuartile(of(self, peer -> peer.steadyExcessSince(since)));
  }

  /** By how much the peers of one, too, have risen at a time; at least 0. */
  double rise(OperationTrack self, Instant at) {
    return lowerQuartile(of(self, peer -> peer.riseAt(at)));
  }

  /**
   * The drift moves a little, after a block of one of them.
   *
   * @param since when
   * @param noise that is no drift, in either direction
   */
  void follow(Instant since, double noise) {
    double[] excess = of(null, track -> track.steadyExcessSince(since));
    if (excess.length == 0) {
      return;
    }
    double above = Math.max(0, lowerQuartile(excess) - noise);
    double below = Math.min(0, Median.of(excess) + noise);
    drift += FOLLOWS / tracks.size() * (above > 0 ? above : below);
  }

  /** A difference of each but one, in order. */
  private double[] of(OperationTrack self, Function<OperationTrack, OptionalDouble> difference) {
    double[] differences = new double[tracks.size()];
    int known = 0;
    for (OperationTrack track : tracks) {
      OptionalDouble one = track == self ? OptionalDouble.empty() : difference.apply(track);
      if (one.isPresent()) {
        differences[known++] = one.getAsDouble();
      }
    }
    double[] ordered = Arrays.copyOf(differences, known);
    Arrays.sort(ordered);
    return ordered;
  }

  private static double lowerQuartile(double[] ordered) {
    return ordered.length == 0 ? 0 : Math.max(0, ordered[(ordered.length - 1) / 4]);
  }
}
