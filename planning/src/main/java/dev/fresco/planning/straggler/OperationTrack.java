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
 * lies after any burst that began with it. It is judged by {@link LevelChange} and {@link
 * DegradationRules}: against the blocks before it, and against the baseline and what the peers have
 * in common ({@link PeerGroup}). What has come or gone too slowly for a change is judged by the
 * last {@value #RECENT} blocks. An improvement by 10 % is the new baseline: the place was slow from
 * the start.
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

  /** Blocks of an improvement: it moves the baseline, so it must be sure. */
  private static final int IMPROVED = 16;

  /** Blocks whose median shows the drift of the group. */
  private static final int STEADY = 16;

  /** Bursts of so many iterations are no degradation. */
  static final int LONGEST_BURST = 2;

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
    int burst = blocks.touchedBy(LONGEST_BURST);
    if (run < burst + blocks.perIteration()
        || run > RECENT
        || posterior.atMost(RECENT) <= ACCEPTED) {
      return isHealthy() ? crept() : wornOff();
    }
    LevelChange change = new LevelChange(history, run, burst, baseline.noise());
    if (!isHealthy()) {
      return ofDegraded(change);
    }
    if (run >= IMPROVED) {
      learnImprovement(change);
    }
    return hasRisen(change) ? Optional.of(begun(run)) : crept();
  }

  private void learnImprovement(LevelChange change) {
    if (change.level() < healthyLevel()
        && DegradationRules.isChange(Math.exp(healthyLevel()), Math.exp(change.level()))
        && change.isClear(healthyLevel(), 0)) {
      baseline = baseline.at(change.level() - group.drift());
      healthySince = change.begin();
    }
  }

  private boolean hasRisen(LevelChange change) {
    double common = group.common(this, change.begin());
    double healthy = healthyLevel() + common;
    return DegradationRules.isDegraded(Math.exp(change.level()), Math.exp(healthy))
        && change.isRise(group.rise(this, change.begin()))
        && change.isClear(healthy, common)
        && change.lasts(healthy);
  }

  /** One that has come too slowly for a change; it must be twice as large. */
  private Optional<Degradation> crept() {
    Instant since = history.back(RECENT).begin();
    double now = history.medianBefore(0, RECENT);
    double surely = healthyLevel() + 2 * Math.log1p(DegradationRules.SHARE);
    if (now <= surely || !since.isAfter(healthySince)) {
      return Optional.empty();
    }
    return now > surely + group.steady(this, since) ? Optional.of(begun(RECENT)) : Optional.empty();
  }

  private Degradation begun(int run) {
    Instant begin = history.back(run).begin();
    double healthy = healthyLevel() + group.common(this, begin);
    double slow = history.medianBefore(0, run);
    recent.keep(run * blocks.samplesPerBlock());
    degradation =
        new Degradation(place, kind, begin, Optional.empty(), Math.exp(healthy), Math.exp(slow));
    return degradation;
  }

  private Optional<Degradation> ofDegraded(LevelChange change) {
    double before = Math.log(degradation.slowMillis());
    if (!change.isClear(before, 0) || !change.lasts(before)) {
      return Optional.empty();
    }
    // Of peers a longer time is taken, so that a burst of one is the lesser part of it.
    int steady = Math.max(change.run(), 2 * change.burst() + 1);
    double common = group.steady(this, history.back(steady).begin());
    double healthy = healthyLevel() + common;
    if (change.level() < before && change.level() - healthy < healedBelow(before - healthy)) {
      recent.keep(change.run() * blocks.samplesPerBlock());
      // Only upwards: were it too low, all that follows would be taken for slow.
      double now = change.steadyLevel() - common - group.drift();
      baseline = baseline.at(Math.max(baseline.level(), now));
      return Optional.of(ended(change.begin()));
    }
    if (!DegradationRules.isChange(degradation.slowMillis(), Math.exp(change.level()))) {
      return Optional.empty();
    }
    recent.keep(change.run() * blocks.samplesPerBlock());
    degradation = degradation.sized(Math.exp(healthy), Math.exp(change.steadyLevel()));
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
        : OptionalDouble.of(
            history.mean(newest) - history.medianBefore(newest, LevelChange.BEFORE));
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
