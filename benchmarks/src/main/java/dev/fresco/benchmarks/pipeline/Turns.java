package dev.fresco.benchmarks.pipeline;

import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.trainer.run.IterationReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plans that take turns in one training run, so that whatever else the machine does hits all of
 * them. The first iteration of each turn opens connections and is left out.
 */
final class Turns implements Experiment {
  private final List<PipelinePlan> plans;
  private final int rounds;
  private final int measured;
  private final List<List<IterationReport>> reports = new ArrayList<>();
  private long asked;
  private String lost = "";

  /**
   * @param rounds in which each plan has one turn
   * @param measured iterations of a turn, after the one that is left out
   */
  Turns(List<PipelinePlan> plans, int rounds, int measured) {
    this.plans = List.copyOf(plans);
    this.rounds = rounds;
    this.measured = measured;
    plans.forEach(plan -> reports.add(new ArrayList<>()));
  }

  /** Of all turns. */
  long iterations() {
    return (long) rounds * plans.size() * (1 + measured);
  }

  /** The plan whose turn it is. */
  int turn(long iteration) {
    return (int) (iteration / (1 + measured) % plans.size());
  }

  /** Whether it is not the first of a turn. */
  boolean isMeasured(long iteration) {
    return iteration % (1 + measured) != 0;
  }

  @Override
  public Optional<PipelinePlan> get() {
    long iteration = asked++;
    return iteration % (1 + measured) == 0
        ? Optional.of(plans.get(turn(iteration)))
        : Optional.empty();
  }

  @Override
  public void iterated(IterationReport report) {
    if (isMeasured(report.iteration())) {
      reports.get(turn(report.iteration())).add(report);
    }
  }

  @Override
  public void stageLost(int attempt, String reason) {
    lost = reason;
  }

  /** Why a stage was lost; empty if none was. */
  String lost() {
    return lost;
  }

  /** By plan, its measured iterations. */
  List<List<IterationReport>> reports() {
    return reports;
  }
}
