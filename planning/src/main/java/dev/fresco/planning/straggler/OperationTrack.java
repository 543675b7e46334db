package dev.fresco.planning.straggler;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of the operations of one kind at one place, and whether they are degraded.
 *
 * <p>Algorithm: the first {@value BlockHistory#LENGTH} blocks make the {@link Baseline}. From then
 * on each block goes to the {@link RunLengthPosterior}. A change is looked at if it lies within the
 * last {@value BlockHistory#LENGTH} blocks with a probability above {@value #ACCEPTED}, and if the
 * blocks since then are more than two slow iterations can be in, so that bursts pass. It is then
 * judged by {@link DegradationRules}, against the baseline and what the {@link Peers} have in
 * common with it. An improvement by 10 % is the new baseline: the place was slow from the start.
 *
 * <p>A healthy baseline follows its blocks, slowly. That of a degraded place follows the healthy
 * peers, or none could end after all have drifted.
 *
 * <p>Owned by one {@link StragglerDetector}.
 */
final class OperationTrack {
  /** Probability of a change that is accepted (Adaptra, arXiv:2504.19232, after Greyhound). */
  static final double ACCEPTED = .9;

  /** Bursts of so many iterations are no degradation. */
  static final int LONGEST_BURST = 2;

  /**
   * Standard errors that a level must be off. Over 10 % of noise a sample, 10 % of difference may
   * still be chance, and just after a burst the posterior no longer guards against it: at 3.5, one
   * in 4,000 levels would be so far off.
   */
  static final double STANDARD_ERRORS = 3.5;

  /** Probability that a block begins a run; a change in 500 iterations. */
  private static final double HAZARD = 1e-3;

  /** Deviation of the levels of runs, in logarithms: changes of a third are common. */
  private static final double LEVELS = .4;

  /** Half of the blocks that the prior variance is worth: a delay may bring noise of its own. */
  private static final double ALPHA = 4;

  private final String place;
  private final OperationKind kind;
  private final SampleBlocks blocks;
  private final BlockHistory history = new BlockHistory();
  private final RecentMillis recent = new RecentMillis();
  private Baseline baseline;
  private RunLengthPosterior posterior;
  private Degradation degradation;

  OperationTrack(String place, OperationKind kind, int samplesPerIteration) {
    this.place = place;
    this.kind = kind;
    blocks = new SampleBlocks(samplesPerIteration);
  }

  /** The degradation that began, changed its size or ended with a sample. */
  Optional<Degradation> observe(Sample sample, Peers peers) {
    if (!blocks.add(sample)) {
      return Optional.empty();
    }
    recent.add(sample.millis());
    return blocks.full().flatMap(block -> observe(block, peers));
  }

  private Optional<Degradation> observe(Block block, Peers peers) {
    history.add(block);
    if (baseline == null) {
      if (history.isFull()) {
        warmedUp();
      }
      return Optional.empty();
    }
    posterior = posterior.observed(block.logMillis());
    Optional<Degradation> judged = judged(peers);
    if (isHealthy()) {
      double step = block.logMillis() - history.back(2).logMillis();
      baseline = baseline.stepped(step).towards(block.logMillis());
    } else {
      baseline = baseline.towards(baseline.level() + peers.drift());
    }
    return judged;
  }

  private void warmedUp() {
    double[] logs = new double[BlockHistory.LENGTH];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = history.back(logs.length - i).logMillis();
    }
    baseline = Baseline.of(logs);
    double variance = baseline.noise() * baseline.noise();
    double kappa = Math.min(.5, variance / (LEVELS * LEVELS));
    posterior =
        RunLengthPosterior.of(
            new NormalGamma(baseline.level(), kappa, ALPHA, ALPHA * variance), HAZARD);
    for (double log : logs) {
      posterior = posterior.observed(log);
    }
  }

  private Optional<Degradation> judged(Peers peers) {
    int run = posterior.mostLikely();
    boolean changed =
        run > blocks.touchedBy(LONGEST_BURST)
            && run <= BlockHistory.LENGTH
            && posterior.atMost(BlockHistory.LENGTH) > ACCEPTED;
    if (!changed) {
      return isHealthy() ? Optional.empty() : wornOff(peers);
    }
    Instant onset = history.back(run).begin();
    double common = peers.common(onset);
    return isHealthy() ? ofHealthy(run, onset, common) : ofDegraded(run, onset, common);
  }

  private Optional<Degradation> ofHealthy(int run, Instant onset, double common) {
    double after = history.mean(run);
    double healthy = baseline.level() + common;
    if (DegradationRules.isDegraded(Math.exp(after), Math.exp(healthy))
        && isClear(healthy, after, run, common)
        && lasts(healthy, after)) {
      recent.keep(run * blocks.samplesPerBlock());
      degradation =
          new Degradation(
              place, kind, onset, Optional.empty(), Math.exp(healthy), Math.exp(after));
      return Optional.of(degradation);
    }
    if (after < baseline.level() && isClear(baseline.level(), after, run, 0)) {
      baseline = baseline.at(after);
    }
    return Optional.empty();
  }

  private Optional<Degradation> ofDegraded(int run, Instant onset, double common) {
    double before = Math.log(degradation.slowMillis());
    double after = history.mean(run);
    double healthy = baseline.level() + common;
    if (!isClear(before, after, run, 0) || !lasts(before, after)) {
      return Optional.empty();
    }
    recent.keep(run * blocks.samplesPerBlock());
    if (DegradationRules.isDegraded(Math.exp(after), Math.exp(healthy))) {
      degradation = degradation.sized(Math.exp(healthy), Math.exp(after));
      return Optional.of(degradation);
    }
    return Optional.of(ended(onset));
  }

  /** One that has gone so slowly that no change was seen, or was hardly one from the start. */
  private Optional<Degradation> wornOff(Peers peers) {
    Instant since = history.back(BlockHistory.LENGTH).begin();
    double healthy = baseline.level() + peers.common(since);
    double half = Math.log1p(DegradationRules.SHARE / 2);
    return since.isAfter(degradation.begin()) && history.mean(BlockHistory.LENGTH) < healthy + half
        ? Optional.of(ended(since))
        : Optional.empty();
  }

  private Degradation ended(Instant at) {
    Degradation over = degradation.ended(at);
    degradation = null;
    return over;
  }

  /** Whether a level differs by 10 %, and not by chance. */
  private boolean isClear(double before, double after, int run, double common) {
    double apart = Math.abs(after - before);
    // The peers' level has an error of its own, which counts as far as it decides.
    double fromPeers = Math.min(1, common / apart);
    double error = baseline.noise() * Math.sqrt((1 + fromPeers * fromPeers) / run);
    return DegradationRules.isChange(Math.exp(before), Math.exp(after))
        && apart > STANDARD_ERRORS * error;
  }

  /** Whether the last iteration is nearer to the level after than to that before. */
  private boolean lasts(double before, double after) {
    double now = history.mean(blocks.perIteration());
    return Math.abs(now - after) < Math.abs(now - before);
  }

  /** How far the blocks since a time are above the baseline; empty if there are none, or none yet. */
  OptionalDouble excessSince(Instant begin) {
    OptionalDouble mean = baseline == null ? OptionalDouble.empty() : history.meanSince(begin);
    return mean.isPresent() ? OptionalDouble.of(mean.getAsDouble() - baseline.level()) : mean;
  }

  /** How far the last blocks are above the baseline, which must be known. */
  double latelyAbove() {
    return history.mean(BlockHistory.LENGTH) - baseline.level();
  }

  /** Whether the baseline is known and the operations are not degraded. */
  boolean isHealthy() {
    return baseline != null && degradation == null;
  }

  Optional<Degradation> degradation() {
    return Optional.ofNullable(degradation);
  }

  boolean isAt(String somewhere) {
    return place.equals(somewhere);
  }

  /** Median of the last operations, as far as they are of the level of now; one was observed. */
  double millis() {
    return recent.median();
  }
}
