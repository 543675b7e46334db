package dev.fresco.planning.training;

import dev.fresco.contracts.training.TrainingTelemetry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which reports of a job's stages have come.
 *
 * <p>Goal: a report is used once, whatever is delivered twice, late or never. Constraints: a stage
 * reports its iterations in the order in which it runs them; after it went back to a checkpoint it
 * runs some again, at a later time. So it is the time that tells reports apart, not the iteration.
 *
 * <p>Owned by one {@link PipelineWatch}.
 */
final class TelemetryLedger {
  /** A stage that is so many iterations behind the foremost one is silent. */
  static final int SILENT_AFTER = 16;

  /** Reports of a stage that are remembered behind its newest. */
  private static final int REMEMBERED = 64;

  private final int stages;
  private final List<Seen> seen = new ArrayList<>();
  private long foremost = -1;

  private static final class Seen {
    private Instant newest = Instant.MIN;
    private long iteration = -1;
    private final Set<Instant> times = new HashSet<>();
    private boolean toldSilent;
  }

  TelemetryLedger(int stages, int replicas) {
    this.stages = stages;
    for (int i = 0; i < stages * replicas; i++) {
      seen.add(new Seen());
    }
  }

  /** Notes a report of a stage and replica that the job has. */
  Reception receive(TrainingTelemetry report) {
    if (foremost < 0) {
      // Whoever begins to listen late has missed the same of all stages.
      seen.forEach(one -> one.iteration = report.iteration() - 1);
    }
    Seen stage = seen.get(report.replica() * stages + report.stage());
    if (!report.at().isAfter(stage.newest)) {
      return stage.times.add(report.at()) ? Reception.LATE : Reception.REPEATED;
    }
    if (stage.times.size() >= REMEMBERED) {
      stage.times.clear();
    }
    stage.times.add(report.at());
    stage.newest = report.at();
    // Gone back to a checkpoint: the others will follow, and are not ahead for having been there.
    boolean wentBack = report.iteration() <= stage.iteration;
    stage.iteration = report.iteration();
    stage.toldSilent = false;
    foremost = wentBack ? report.iteration() : Math.max(foremost, report.iteration());
    return Reception.NEW;
  }

  /** The latest iteration that any stage has told of, or -1. */
  long foremost() {
    return foremost;
  }

  /** Stages that have become silent; each is told once, until it reports again. */
  List<SilentStage> newlySilent() {
    List<SilentStage> silent = new ArrayList<>();
    for (int i = 0; i < seen.size(); i++) {
      Seen one = seen.get(i);
      if (!one.toldSilent && foremost - one.iteration >= SILENT_AFTER) {
        one.toldSilent = true;
        silent.add(new SilentStage(i / stages, i % stages, one.iteration));
      }
    }
    return silent;
  }
}
