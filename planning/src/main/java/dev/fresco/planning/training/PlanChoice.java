package dev.fresco.planning.training;

import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.contracts.training.TrainingSchedule;
import dev.fresco.planning.pipeline.AdaptiveSearch;
import dev.fresco.planning.pipeline.Delegates;
import dev.fresco.planning.pipeline.Link;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.planning.pipeline.ScheduleSimulation;
import dev.fresco.planning.pipeline.StageCost;
import dev.fresco.planning.training.HostPlacement.SlowPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The next plan of a job, if it needs one.
 *
 * <p>Goal: iterations as short as the links and stages of now allow, without changing the plan for
 * nothing.
 *
 * <p>Constraints: a plan is a value of what is known, so the same gives the same. The memory limit
 * of a job holds for every plan; without one, stages may be ahead as far as it helps while a link
 * is delegated, for activations then wait in the memory of the host (Adaptra, arXiv:2504.19232),
 * and else as far as in the healthy plan.
 *
 * <p>Algorithm: first hosts move, if a slow pair lies between replicas ({@link HostPlacement}).
 * Then {@link AdaptiveSearch} looks for a schedule for the times of now, with slow links delegated.
 * It is taken if it makes an iteration shorter by {@value #LEAST_GAIN} of it than the plan in force
 * would be, by {@link ScheduleSimulation} (by {@value #LEAST_GAIN_OF_STAGES} if only stages are
 * slow); or if that one delegates a link that is healthy. When nothing is slow, the healthy plan
 * takes over whatever it gains.
 *
 * <p>Example: 4 equal stages of 10 ms an operation, 12 microbatches, link 0 takes 30 ms more than
 * before. Blocking sends would make it 880 ms; the plan delegates link 0 with 4 queues, and an
 * iteration takes 420 ms.
 */
final class PlanChoice {
  /** Part of an iteration that a change must gain. */
  static final double LEAST_GAIN = .03;

  /** The same where no link is slow: what stages take varies more, and a schedule helps less. */
  static final double LEAST_GAIN_OF_STAGES = .1;

  static final String ADAPTED = "adapted";
  private static final int NAMED_IN_REASON = 4;

  private final TrainingJob job;
  private final TrainingPlan inForce;
  private final List<TrainingDelay> delays;
  private final PipelineTimes times;

  private PlanChoice(
      TrainingJob job, TrainingPlan inForce, List<TrainingDelay> delays, PipelineTimes times) {
    this.job = job;
    this.inForce = inForce;
    this.delays = delays;
    this.times = times;
  }

  /**
   * The plan to follow the one in force; empty to go on with it.
   *
   * @param delays all that is slow now
   * @param times of now
   * @param from the iteration from which it can be in force
   * @param now when it is made
   */
  static Optional<TrainingPlan> next(
      TrainingJob job,
      TrainingPlan inForce,
      List<TrainingDelay> delays,
      PipelineTimes times,
      long from,
      Instant now) {
    if (job.schedule() != TrainingSchedule.ADAPTIVE) {
      return Optional.empty();
    }
    if (delays.isEmpty()) {
      return inForce.name().equals(HealthySchedule.NAME)
          ? Optional.empty()
          : Optional.of(
              HealthySchedule.plan(
                  job, inForce.number() + 1, from, now, inForce.hosts(), "all has healed"));
    }
    HostPlacement placed = placement(job, inForce);
    List<SlowPair> slow = HostDelays.pairs(delays, placed);
    HostPlacement better = hasSlowGroup(delays) ? placed.avoiding(slow) : placed;
    if (!better.equals(placed)) {
      List<TrainingDelay> moved = new ArrayList<>(ofStages(delays));
      moved.addAll(HostDelays.ofLinks(slow, better, healthyMillis(delays, times), now));
      return Optional.of(new PlanChoice(job, inForce, moved, times).plan(from, now, better));
    }
    return new PlanChoice(job, inForce, delays, times).worthIt(from, now);
  }

  static HostPlacement placement(TrainingJob job, TrainingPlan plan) {
    return plan.hosts() == null
        ? HostPlacement.first(job.stages(), job.replicas())
        : new HostPlacement(job.stages(), plan.hosts());
  }

  private static boolean hasSlowGroup(List<TrainingDelay> delays) {
    return delays.stream().anyMatch(delay -> sort(delay) == Place.Sort.GROUP);
  }

  private static List<TrainingDelay> ofStages(List<TrainingDelay> delays) {
    return delays.stream().filter(delay -> sort(delay) == Place.Sort.STAGE).toList();
  }

  private static Place.Sort sort(TrainingDelay delay) {
    return Place.read(delay.place()).sort();
  }

  /** Of a message of the pipeline: the median of the links that are not slow. */
  private static double healthyMillis(List<TrainingDelay> delays, PipelineTimes times) {
    double[] healthy =
        IntStream.range(0, times.links().size())
            .filter(link -> delayOf(delays, link) == 0)
            .mapToDouble(link -> times.links().get(link).activationMillis())
            .sorted()
            .toArray();
    return healthy.length == 0 ? 0 : healthy[healthy.length / 2];
  }

  /** The largest of a link's delays, of any replica and either kind of message. */
  private static double delayOf(List<TrainingDelay> delays, int link) {
    double most = 0;
    for (TrainingDelay delay : delays) {
      Place place = Place.read(delay.place());
      if (place.sort() == Place.Sort.LINK && place.index() == link) {
        most = Math.max(most, delay.slowMillis() - delay.healthyMillis());
      }
    }
    return most;
  }

  private Optional<TrainingPlan> worthIt(long from, Instant now) {
    TrainingPlan plan = plan(from, now, null);
    boolean delegatesInVain =
        IntStream.range(0, job.stages() - 1)
            .anyMatch(link -> inForce.delegates().get(link) > 0 && delayOf(delays, link) == 0);
    double gain = 1 - makespan(plan) / makespan(inForce);
    double enough = hasSlowLink() ? LEAST_GAIN : LEAST_GAIN_OF_STAGES;
    return delegatesInVain || gain >= enough ? Optional.of(plan) : Optional.empty();
  }

  /** How long an iteration of a plan takes with the delays of now. */
  private double makespan(TrainingPlan plan) {
    Schedule schedule = ScheduleText.read(job.microbatches(), plan.stages());
    PipelineShape shape =
        shape(
            link -> new Link(delayOf(delays, link), plan.delegates().get(link) > 0),
            Double.POSITIVE_INFINITY);
    return ScheduleSimulation.run(schedule, shape).makespan();
  }

  private PipelineShape shape(IntFunction<Link> links, double memoryLimit) {
    List<StageCost> stages =
        times.stages().stream()
            .map(
                stage ->
                    new StageCost(
                        stage.forward(),
                        stage.inputGradient(),
                        stage.weightGradient(),
                        memoryLimit))
            .toList();
    return new PipelineShape(
        job.microbatches(), stages, IntStream.range(0, job.stages() - 1).mapToObj(links).toList());
  }

  /**
   * The plan for what is slow.
   *
   * @param moved where hosts have moved to, or null if they stay
   */
  private TrainingPlan plan(long from, Instant now, HostPlacement moved) {
    Schedule schedule =
        AdaptiveSearch.schedule(
            shape(link -> Link.delegated(delayOf(delays, link)), memoryLimit()));
    return new TrainingPlan(
        job.id(),
        now,
        inForce.number() + 1,
        from,
        ADAPTED,
        ScheduleText.of(schedule),
        IntStream.range(0, job.stages() - 1).mapToObj(this::delegates).toList(),
        delays,
        moved == null ? inForce.hosts() : moved.hosts(),
        moved == null ? reason() : "hosts change places; " + reason());
  }

  /** In microbatches that a stage is ahead. */
  private double memoryLimit() {
    if (!hasSlowLink()) {
      return HealthySchedule.memoryLimit(job);
    }
    return job.maxActivations() == null ? Double.POSITIVE_INFINITY : job.maxActivations();
  }

  private boolean hasSlowLink() {
    return IntStream.range(0, job.stages() - 1).anyMatch(link -> delayOf(delays, link) > 0);
  }

  private int delegates(int link) {
    double delay = delayOf(delays, link);
    if (delay == 0) {
      return 0;
    }
    PipelineTimes.LinkTimes messages = times.links().get(link);
    int activations =
        delegates(Math.max(delay, messages.activationMillis()), times.stages().get(link).forward());
    int gradients =
        delegates(
            Math.max(delay, messages.gradientMillis()),
            times.stages().get(link + 1).inputGradient());
    return Math.max(activations, gradients);
  }

  /** Of a kind of message, no more than there are messages. */
  private int delegates(double messageMillis, double operationMillis) {
    int needed = Delegates.needed(1000 / operationMillis, messageMillis / 1000);
    return Math.min(needed, job.microbatches());
  }

  private String reason() {
    if (delays.isEmpty()) {
      return "no slow link is left in the pipeline";
    }
    String slow =
        delays.stream()
            .limit(NAMED_IN_REASON)
            .map(
                delay ->
                    "%s: %s takes %.1f ms instead of %.1f ms"
                        .formatted(
                            delay.place(),
                            delay.operation(),
                            delay.slowMillis(),
                            delay.healthyMillis()))
            .collect(Collectors.joining("; "));
    int more = delays.size() - NAMED_IN_REASON;
    return more > 0 ? slow + "; and " + more + " more" : slow;
  }
}
