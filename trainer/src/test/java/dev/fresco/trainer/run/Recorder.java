package dev.fresco.trainer.run;

import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.trainer.checkpoint.Checkpoint;
import dev.fresco.trainer.stage.StageReport;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Keeps what a run tells. */
public final class Recorder implements RunListener {
  public final SortedMap<Long, IterationReport> reports = new TreeMap<>();

  /** By iteration, of every time that it was run. */
  public final SortedMap<Long, List<Double>> allLosses = new TreeMap<>();

  public final List<String> events = new ArrayList<>();
  public final List<String> dropped = new ArrayList<>();
  private final Consumer<IterationReport> then;

  public Recorder() {
    this(report -> {});
  }

  /**
   * @param then is called after each iteration
   */
  public Recorder(Consumer<IterationReport> then) {
    this.then = then;
  }

  public List<Double> losses() {
    return reports.values().stream().map(IterationReport::loss).toList();
  }

  @Override
  public void started(int attempt, long iteration) {
    events.add("started " + iteration);
  }

  @Override
  public void iterated(IterationReport report) {
    reports.put(report.iteration(), report);
    allLosses
        .computeIfAbsent(report.iteration(), iteration -> new ArrayList<>())
        .add(report.loss());
    then.accept(report);
  }

  @Override
  public void planTaken(PipelinePlan plan, long iteration) {
    events.add("plan " + plan.name() + " from " + iteration);
  }

  @Override
  public void planRefused(PipelinePlan plan, List<String> problems) {
    events.add("refused " + plan.name() + ": " + String.join("; ", problems));
  }

  @Override
  public void saved(Checkpoint checkpoint) {
    events.add("saved " + checkpoint.iteration());
  }

  @Override
  public void stageLost(int attempt, String reason) {
    events.add("lost: " + reason);
  }

  @Override
  public void reportDropped(StageReport report, String why) {
    dropped.add(report.place() + ": " + report.answer().getClass().getSimpleName() + ": " + why);
  }
}
