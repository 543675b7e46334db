package dev.fresco.planning.training;

import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.contracts.training.TrainingProgress;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.planning.straggler.Degradation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Watches the telemetry of one job, and plans anew when links or stages become slow or heal.
 *
 * <p>Goal: the shortest iterations that the pipeline of now allows, from an iteration on that every
 * stage can still hear of in time. Constraints: reports come late, twice or never; a process that
 * takes over from another one knows the plan in force and nothing else.
 *
 * <p>Algorithm: a new report goes to the detectors ({@link JobDetectors}) and to the tally of its
 * iteration. When something has become slow, has changed its size or has healed, {@link PlanChoice}
 * is asked. What was slow when the plan in force was made is known from it ({@link KnownDelays}).
 *
 * <p>Belongs to one thread.
 */
public final class PipelineWatch {
  /** A plan is in force so many iterations after the foremost one that is known. */
  static final int LEAD = 2;

  private final TrainingJob job;
  private final TelemetryLedger ledger;
  private final IterationTally tally;
  private final JobDetectors detectors;
  private final KnownDelays delays = new KnownDelays();

  /** Place and operation of the delays that were told and have not ended. */
  private final Set<String> told = new HashSet<>();

  private TrainingPlan plan;

  /**
   * @param inForce the job's newest plan
   */
  public PipelineWatch(TrainingJob job, TrainingPlan inForce) {
    this.job = job;
    plan = inForce;
    ledger = new TelemetryLedger(job.stages(), job.replicas());
    tally = new IterationTally(job.stages() * job.replicas());
    detectors = new JobDetectors(job);
    inherit(inForce);
  }

  private void inherit(TrainingPlan from) {
    delays.inherit(from.delays());
    from.delays().forEach(delay -> told.add(name(delay)));
  }

  private static String name(TrainingDelay delay) {
    return delay.place() + " " + delay.operation();
  }

  /**
   * What a report has brought.
   *
   * @param delays that began, changed their size or, with an end, are over
   * @param plan the next plan, if there is one
   * @param progress of the iteration, if this was its last report
   * @param silent stages that others have left behind by {@value TelemetryLedger#SILENT_AFTER}
   *     iterations; each is told once, until it reports again
   */
  public record Observation(
      Reception reception,
      List<TrainingDelay> delays,
      Optional<TrainingPlan> plan,
      Optional<TrainingProgress> progress,
      List<SilentStage> silent) {}

  /** The plan in force, or that comes into force. */
  public TrainingPlan plan() {
    return plan;
  }

  /**
   * Takes one more report.
   *
   * @param report in which {@link TelemetryCheck} finds no problem
   * @param now when a plan would be made
   */
  public Observation observe(TrainingTelemetry report, Instant now) {
    long before = ledger.foremost();
    Reception reception = ledger.receive(report);
    if (reception != Reception.NEW) {
      return new Observation(reception, List.of(), Optional.empty(), Optional.empty(), List.of());
    }
    if (ledger.foremost() < before) {
      tally.clear();
    }
    List<TrainingDelay> changed = changedDelays(report);
    Optional<TrainingPlan> next = changed.isEmpty() ? Optional.empty() : next(now);
    next.ifPresent(this::follow);
    return new Observation(reception, changed, next, tally.add(report), ledger.newlySilent());
  }

  /** The changes that can be felt. */
  private List<TrainingDelay> changedDelays(TrainingTelemetry report) {
    List<TrainingDelay> changed = new ArrayList<>();
    for (Degradation degradation : detectors.observe(report)) {
      delays.told(KnownDelays.of(degradation), detectors).ifPresent(changed::add);
    }
    Place stage = Place.stage(report.stage(), report.replica());
    changed.addAll(delays.healed(detectors, stage.toString(), report.at()));
    report.messages().stream()
        .map(messages -> JobDetectors.place(report, messages).toString())
        .distinct()
        .forEach(place -> changed.addAll(delays.healed(detectors, place, report.at())));
    if (changed.isEmpty()) {
      return changed;
    }
    Optional<PipelineTimes> times = PipelineTimes.of(job, detectors.pipeline());
    changed.removeIf(delay -> !isNews(delay, times));
    return List.copyOf(changed);
  }

  /** Of a delay that was told, its changes and its end are news. */
  private boolean isNews(TrainingDelay delay, Optional<PipelineTimes> times) {
    if (delay.end() != null) {
      return told.remove(name(delay));
    }
    return told.contains(name(delay))
        || times.filter(known -> known.canFeel(delay)).isPresent() && told.add(name(delay));
  }

  private Optional<TrainingPlan> next(Instant now) {
    return PipelineTimes.of(job, detectors.pipeline())
        .flatMap(
            times -> PlanChoice.next(job, plan, felt(times), times, ledger.foremost() + LEAD, now));
  }

  private List<TrainingDelay> felt(PipelineTimes times) {
    return delays.now(detectors).stream().filter(times::canFeel).toList();
  }

  /** Where hosts have moved, what was measured says nothing any more. */
  private void follow(TrainingPlan next) {
    HostPlacement before = PlanChoice.placement(job, plan);
    HostPlacement after = PlanChoice.placement(job, next);
    plan = next;
    if (after.equals(before)) {
      return;
    }
    for (int replica = 0; replica < job.replicas(); replica++) {
      for (int stage = 0; stage < job.stages(); stage++) {
        if (before.hostOf(stage, replica) != after.hostOf(stage, replica)) {
          forget(stage, replica);
        }
      }
    }
    inherit(next);
  }

  private void forget(int stage, int replica) {
    detectors.forget(Place.stage(stage, replica));
    if (stage > 0) {
      detectors.forget(Place.link(stage - 1, replica));
    }
    if (stage < job.stages() - 1) {
      detectors.forget(Place.link(stage, replica));
    }
    for (int other = 0; other < job.replicas(); other++) {
      if (other != replica) {
        detectors.forget(Place.group(stage, replica, other));
        detectors.forget(Place.group(stage, other, replica));
      }
    }
  }
}
