package dev.fresco.worker.loop;

import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.OutOfMemoryException;
import dev.fresco.planning.batching.BatchLimits;
import dev.fresco.planning.batching.BatchRoom;
import dev.fresco.planning.batching.BatchSchedule;
import dev.fresco.planning.batching.MemberId;
import dev.fresco.planning.batching.StepOutcome;
import dev.fresco.planning.batching.StepPlan;
import dev.fresco.planning.batching.StepTrial;
import dev.fresco.worker.job.BatchRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out plans on the engine. How a step goes on after a failure, {@link StepTrial} says; what
 * was learnt of the memory is kept for the steps to come.
 */
final class BatchRunner {
  private static final Logger log = LoggerFactory.getLogger(BatchRunner.class);

  private final DenoisingBatch<MemberId> batch;
  private final LoopMeters meters;
  private final Function<MemberId, BatchRun> runs;
  private BatchRoom room = BatchRoom.unknown();

  /**
   * @param runs finds the job of a member
   */
  BatchRunner(
      DenoisingBatch<MemberId> batch, LoopMeters meters, Function<MemberId, BatchRun> runs) {
    this.batch = batch;
    this.meters = meters;
    this.runs = runs;
  }

  /** The step to come. */
  StepPlan plan(BatchSchedule schedule, BatchLimits limits) {
    return schedule.plan(limits, room, this::load);
  }

  /** Pictures like those that run for which there is room. */
  int fitting(BatchSchedule schedule, int slots) {
    return room.slots(slots, schedule.running().keySet(), this::load);
  }

  private long load(MemberId member) {
    return runs.apply(member).load();
  }

  /** Who joined, and who could not. */
  private record Joining(
      List<MemberId> inBatch,
      Map<MemberId, Integer> totals,
      Map<MemberId, Exception> failed,
      List<MemberId> deferred) {
    static Joining beside(List<MemberId> running) {
      return new Joining(
          new ArrayList<>(running),
          new LinkedHashMap<>(),
          new LinkedHashMap<>(),
          new ArrayList<>());
    }
  }

  StepOutcome run(StepPlan plan) {
    Joining joining = join(plan);
    StepTrial trial = StepTrial.of(joining.inBatch(), room, this::load);
    if (!joining.deferred().isEmpty()) {
      List<MemberId> tooMany = new ArrayList<>(joining.inBatch());
      tooMany.add(joining.deferred().get(0));
      trial = trial.alsoRefused(tooMany);
    }
    while (!trial.isOver()) {
      trial = attempt(trial);
    }
    room = room.after(trial, this::load);
    Map<MemberId, Exception> failed = new LinkedHashMap<>(joining.failed());
    failed.putAll(trial.failed());
    failed.keySet().forEach(batch::leave);
    return new StepOutcome(
        trial.advanced(), failed, joining.totals(), Set.copyOf(joining.deferred()));
  }

  private Joining join(StepPlan plan) {
    List<MemberId> running = new ArrayList<>(plan.stepping());
    running.removeAll(plan.joining());
    Joining joining = Joining.beside(running);
    for (MemberId member : plan.joining()) {
      if (joining.deferred().isEmpty()) {
        join(member, joining);
      } else {
        joining.deferred().add(member);
      }
    }
    return joining;
  }

  private void join(MemberId member, Joining joining) {
    try {
      batch.join(member, runs.apply(member).picture(member.image()));
      joining.totals().put(member, batch.stepsTotal(member));
      joining.inBatch().add(member);
    } catch (OutOfMemoryException e) {
      if (joining.inBatch().isEmpty()) {
        joining.failed().put(member, e);
      } else {
        meters.outOfMemory();
        log.warn("{} waits for others to leave the batch of {}", member, joining.inBatch(), e);
        joining.deferred().add(member);
      }
    } catch (RuntimeException e) {
      joining.failed().put(member, e);
    }
  }

  private StepTrial attempt(StepTrial trial) {
    try {
      batch.step(trial.next());
      return trial.nextAdvanced();
    } catch (OutOfMemoryException e) {
      meters.outOfMemory();
      log.warn("no memory for {} pictures at once: {}", trial.next().size(), e.getMessage());
      return trial.nextRefused(e);
    } catch (RuntimeException e) {
      return trial.nextFailed(e);
    }
  }
}
