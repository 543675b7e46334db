package dev.fresco.planning.straggler;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of the operations of one kind at one place, and whether they are degraded.
 *
 * <p>Algorithm: the first {@value #WARM_UP} blocks make the {@link Baseline}. From then on each
 * block goes to the {@link RunLengthPosterior}. A change is looked at if it lies within the last
 * {@value #RECENT} blocks with a probability above {@value #ACCEPTED}, and if the newest iteration
 * lies after any burst that began with it. It is judged by {@link DegradationRules}: against the
 * blocks before it, and against the baseline and what the {@link PeerGroup} have in common. What
 * has come or gone too slowly for a change is judged by the last {@value #RECENT} blocks. An
 * improvement by 10 % is the new baseline: the place was slow from the start.
 *
 * <p>The baseline is what the blocks are apart from the drift of the group. While the place is
 * healthy it follows them, slowly.
 *
 * <p>Owned by one {@link StragglerDetector}.
 */
final class OperationTrack {
  /** Probability of a change that is accepted (Adaptra, arXiv:2504.19232, after Greyhound). */
  static final double ACCEPTED = .9;

  /** Blocks that make the baseline. */
  static final int WARM_UP = 32;

  /** Blocks that a change may lie back: ten times what it takes to find most. */
  static final int RECENT = 32;

  /** Blocks before a change that are compared with those after it: bursts are the lesser part. */
  private static final int BEFORE = 24;

  /** Blocks of an improvement: it moves the baseline, so it must be sure. */
  private static final int IMPROVED = 16;

  /** Blocks whose median shows the drift of the group. */
  private static final int STEADY = 16;

  /** Bursts of so many iterations are no degradation. */
  static final int LONGEST_BURST = 2;

  /**
   * Standard errors that a level must be off. Over 10 % of noise a sample, 10 % of difference may
   * still be chance, and just after a burst the posterior no longer guards against it: at 3.5, one
   * in 4,000 levels would be so far off.
   */
  static final double STANDARD_ERRORS = 5.5;

  static final double CHANGE_ERRORS = 4.5;
  static final double MEDIAN_VARIANCE = Math.PI / 2;

  /** Standard errors that what comes after a burst must be off: it is few blocks. */
  static final double BURST_ERRORS = 3.5;

  /** Probability that a block begins a run; a change in 500 iterations. */
  private static final double HAZARD = 1e-3;

  /** Deviation of the levels of runs, in logarithms: changes of a third are common. */
  private static final double LEVELS = .4;

  /** Half of the blocks that the prior variance is worth: a delay may bring noise of its own. */
  private static final double ALPHA = 4;

  private final String place;
  private final OperationKind kind;
  private final PeerGroup group;
  private final SampleBlocks blocks;
  private final BlockHistory history = new BlockHistory();
  private final RecentMillis recent = new RecentMillis();
  private Baseline baseline;
  private RunLengthPosterior posterior;
  private Degradation degradation;
  private Instant healthySince = Instant.MIN;

  OperationTrack(String place, OperationKind kind, int samplesPerIteration, PeerGroup group) {
    this.place = place;
    this.kind = kind;
    this.group = group;
    blocks = new SampleBlocks(samplesPerIteration);
  }

  /** The degradation that began, changed its size or ended with a sample. */
  Optional<Degradation> observe(Sample sample) {
    if (!blocks.add(sample)) {
      return Optional.empty();
    }
    recent.add(sample.millis());
    return blocks.full().flatMap(this::observe);
  }

  private Optional<Degradation> observe(Block block) {
    history.add(block);
    if (baseline == null) {
      if (history.size() == WARM_UP) {
        warmedUp();
      }
      return Optional.empty();
    }
    posterior = posterior.observed(block.logMillis());
    Optional<Degradation> judged = judged();
    if (isHealthy()) {
      double step = block.logMillis() - history.back(2).logMillis();
      baseline = baseline.stepped(step).following(block.logMillis() - group.drift());
    }
    group.follow(history.back(STEADY).begin(), baseline.noise() / 5);
    return judged;
  }

  private void warmedUp() {
    double[] logs = new double[WARM_UP];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = history.back(logs.length - i).logMillis();
    }
    Baseline seen = Baseline.of(logs);
    baseline = seen.at(seen.level() - group.drift());
    double variance = baseline.noise() * baseline.noise();
    double kappa = Math.min(.5, variance / (LEVELS * LEVELS));
    posterior =
        RunLengthPosterior.of(
            new NormalGamma(seen.level(), kappa, ALPHA, ALPHA * variance), HAZARD);
    for (double log : logs) {
      posterior = posterior.observed(log);
    }
  }

  private Optional<Degradation> judged() {
    int run = posterior.mostLikely();
    boolean changed =
        run >= blocks.touchedBy(LONGEST_BURST) + blocks.perIteration()
            && run <= RECENT
            && posterior.atMost(RECENT) > ACCEPTED;
    if (isHealthy()) {
      return changed && hasRisen(run) ? Optional.of(begun(run)) : crept();
    }
    return changed ? changed(run) : wornOff();
  }

  /** Whether healthy operations are degraded since so many blocks; if improved, learns that. */
  private boolean hasRisen(int run) {
    double after = history.mean(run);
    double common = group.common(this, history.back(run).begin());
    double healthy = healthyLevel() + common;
    if (run >= IMPROVED
        && DegradationRules.isChange(Math.exp(healthyLevel()), Math.exp(after))
        && after < healthyLevel()
        && isClear(healthyLevel(), after, run, 0)) {
      baseline = baseline.at(after - group.drift());
      healthySince = history.back(run).begin();
    }
    double before = history.medianBefore(run, BEFORE) + group.rise(this, history.back(run).begin());
    double error = baseline.noise() * Math.sqrt(1. / run + MEDIAN_VARIANCE / BEFORE);
    return DegradationRules.isDegraded(Math.exp(after), Math.exp(healthy))
        && DegradationRules.isChange(Math.exp(before), Math.exp(after))
        && after > before + CHANGE_ERRORS * error
        && isClear(healthy, after, run, common)
        && lasts(healthy, after, run);
  }

  /** One that has come too slowly for a change. */
  private Optional<Degradation> crept() {
    Instant since = history.back(RECENT).begin();
    double surely = healthyLevel() + 2 * Math.log1p(DegradationRules.SHARE);
    double now = history.medianBefore(0, RECENT);
    return since.isAfter(healthySince) && now > surely && now > surely + group.steady(this, since)
        ? Optional.of(begun(RECENT))
        : Optional.empty();
  }

  private Degradation begun(int run) {
    Instant onset = history.back(run).begin();
    double healthy = healthyLevel() + group.common(this, onset);
    recent.keep(run * blocks.samplesPerBlock());
    degradation =
        new Degradation(place, kind, onset, Optional.empty(), Math.exp(healthy), level(run));
    return degradation;
  }

  private Optional<Degradation> changed(int run) {
    Instant onset = history.back(run).begin();
    double before = Math.log(degradation.slowMillis());
    double after = history.mean(run);
    int steady = Math.max(run, 2 * blocks.touchedBy(LONGEST_BURST) + 1);
    double common = group.steady(this, history.back(steady).begin());
    double healthy = healthyLevel() + common;
    if (!isClear(before, after, run, 0) || !lasts(before, after, run)) {
      return Optional.empty();
    }
    if (after < before && after - healthy < healedBelow(before - healthy)) {
      recent.keep(run * blocks.samplesPerBlock());
      baseline = baseline.at(history.medianBefore(0, run) - common - group.drift());
      return Optional.of(ended(onset));
    }
    if (!DegradationRules.isChange(degradation.slowMillis(), Math.exp(after))) {
      return Optional.empty();
    }
    recent.keep(run * blocks.samplesPerBlock());
    degradation = degradation.sized(Math.exp(healthy), level(run));
    return Optional.of(degradation);
  }

  /**
   * The excess under which a place has healed: 10 %, or a quarter of what it was, up to 20 %, for
   * the place has drifted and nobody could see by how much.
   */
  private static double healedBelow(double excess) {
    double limit = Math.log1p(DegradationRules.SHARE);
    return Math.max(limit, Math.min(2 * limit, excess / 4));
  }

  /** Milliseconds of an operation in the newest blocks, but for the few that others are part of. */
  private double level(int run) {
    return Math.exp(history.medianBefore(0, run));
  }

  /** One that has gone too slowly for a change, or was hardly one from the start. */
  private Optional<Degradation> wornOff() {
    Instant since = history.back(RECENT).begin();
    double healthy = healthyLevel() + group.steady(this, since);
    double half = (Math.log(degradation.slowMillis()) - healthy) / 2;
    double limit = healthy + Math.min(half, Math.log1p(DegradationRules.SHARE));
    return since.isAfter(degradation.begin()) && history.medianBefore(0, RECENT) < limit
        ? Optional.of(ended(since))
        : Optional.empty();
  }

  private Degradation ended(Instant at) {
    Degradation over = degradation.ended(at);
    degradation = null;
    healthySince = over.end().orElseThrow();
    return over;
  }

  /** Whether two levels differ by more than chance. */
  private boolean isClear(double before, double after, int run, double common) {
    double apart = Math.abs(after - before);
    // The least of the peers is below their mean and has an error of its own: these count as far
    // as the peers decide.
    double fromPeers = Math.min(1, common / apart);
    double error = baseline.noise() * Math.sqrt((1 + 3 * fromPeers * fromPeers) / run);
    return apart > STANDARD_ERRORS * error;
  }

  /**
   * Whether a run is nearer to the level after without the burst that it may have begun with, by
   * more than chance, and without one that it may have ended with, and in its newest block.
   */
  private boolean lasts(double before, double after, int run) {
    int burst = blocks.touchedBy(LONGEST_BURST);
    int rest = run - burst;
    double half = Math.abs(after - before) / 2;
    double direction = Math.signum(after - before);
    double chance = BURST_ERRORS * baseline.noise() / Math.sqrt(rest);
    return (history.mean(rest) - before) * direction > Math.max(half, chance)
        && (history.meanBefore(burst, rest) - before) * direction > half
        && (history.mean(1) - before) * direction > half;
  }

  /** Of a block, as far as the place itself is known. */
  private double healthyLevel() {
    return baseline.level() + group.drift();
  }

  /** How far the blocks since a time are above the baseline; empty if one is not known. */
  OptionalDouble excessSince(Instant begin) {
    int newest = history.since(begin);
    return baseline == null || newest == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(history.mean(newest) - healthyLevel());
  }

  /** The same of most of the blocks, whatever the lesser part of them is. */
  OptionalDouble steadyExcessSince(Instant begin) {
    int newest = history.since(begin);
    return baseline == null || newest == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(history.medianBefore(0, newest) - healthyLevel());
  }

  /** How far the blocks since a time are above those before; empty if some are not known. */
  OptionalDouble riseAt(Instant begin) {
    int newest = history.since(begin);
    return newest == 0 || newest == history.size()
        ? OptionalDouble.empty()
        : OptionalDouble.of(history.mean(newest) - history.medianBefore(newest, BEFORE));
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
