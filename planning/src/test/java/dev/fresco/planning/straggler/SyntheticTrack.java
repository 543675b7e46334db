package dev.fresco.planning.straggler;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** How long operations of one kind take at one place of a synthetic trace. */
final class SyntheticTrack {
  final String place;
  final OperationKind kind;
  final double baseMillis;
  final List<SlowStretch> slow = new ArrayList<>();
  private final List<double[]> bursts = new ArrayList<>();
  private final double driftShare;
  private final double driftIterations;
  private final double driftPhase;

  SyntheticTrack(String place, OperationKind kind, double baseMillis, Random random) {
    this.place = place;
    this.kind = kind;
    this.baseMillis = baseMillis;
    driftShare = .04 * random.nextDouble();
    driftIterations = 300 + 600 * random.nextDouble();
    driftPhase = 2 * Math.PI * random.nextDouble();
  }

  boolean isLink() {
    return kind == OperationKind.SEND_ACTIVATION || kind == OperationKind.SEND_GRADIENT;
  }

  /** One burst of one or two iterations in 500, away from each other and from what is slow. */
  void addBursts(int iterations, int samplesPerIteration, Random random) {
    for (int i = 5; i < iterations; i++) {
      int length = 1 + random.nextInt(2);
      double begin = i + random.nextInt(samplesPerIteration) / (double) samplesPerIteration;
      double factor = 1.2 + 2.8 * random.nextDouble();
      if (random.nextInt(500) == 0 && isFarFromChanges(begin, begin + length)) {
        bursts.add(new double[] {begin, begin + length, factor});
        i += 10;
      }
    }
  }

  private boolean isFarFromChanges(double begin, double end) {
    return slow.stream()
        .allMatch(
            one ->
                (end + 4 < one.begin() || begin > one.begin() + 6)
                    && (end + 4 < one.end() || begin > one.end() + 6));
  }

  /** Of an operation, without noise and delay. */
  double millis(double position, double machine) {
    double angle = driftPhase + 2 * Math.PI * position / driftIterations;
    double millis = baseMillis * machine * (1 + driftShare * Math.sin(angle));
    for (double[] burst : bursts) {
      millis *= position >= burst[0] && position < burst[1] ? burst[2] : 1;
    }
    return millis;
  }

  double delay(double position, Random random) {
    for (SlowStretch one : slow) {
      if (one.holds(position)) {
        return Math.max(0, one.millis() * (1 + one.jitter() * random.nextGaussian()));
      }
    }
    return 0;
  }
}
