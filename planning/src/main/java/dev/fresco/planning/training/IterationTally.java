package dev.fresco.planning.training;

import dev.fresco.contracts.training.TrainingProgress;
import dev.fresco.contracts.training.TrainingTelemetry;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Puts the reports of all stages of an iteration together. Iterations that a stage never tells of
 * are dropped when {@value #OPEN} newer ones are open. Owned by one {@link PipelineWatch}.
 */
final class IterationTally {
  private static final int OPEN = 64;

  private final int reports;
  private final TreeMap<Long, Sums> open = new TreeMap<>();

  private static final class Sums {
    private int reports;
    private double millis;
    private double busiest;
    private double loss;
    private int losses;
  }

  /**
   * @param reports of an iteration, 1 or more
   */
  IterationTally(int reports) {
    this.reports = reports;
  }

  /** Adds a new report; gives what the iteration came to if it was the last one of it. */
  Optional<TrainingProgress> add(TrainingTelemetry report) {
    Sums sums = open.computeIfAbsent(report.iteration(), first -> new Sums());
    sums.reports++;
    sums.millis = Math.max(sums.millis, report.iterationMillis());
    sums.busiest = Math.max(sums.busiest, busyMillis(report));
    if (report.loss() != null) {
      sums.loss += report.loss();
      sums.losses++;
    }
    if (sums.reports < reports) {
      while (open.size() > OPEN) {
        open.pollFirstEntry();
      }
      return Optional.empty();
    }
    open.headMap(report.iteration(), true).clear();
    return Optional.of(progress(report.iteration(), sums));
  }

  private static TrainingProgress progress(long iteration, Sums sums) {
    double idle = sums.millis == 0 ? 0 : 1 - sums.busiest / sums.millis;
    return new TrainingProgress(
        iteration + 1,
        sums.losses == 0 ? null : sums.loss / sums.losses,
        sums.millis,
        Math.min(1, Math.max(0, idle)));
  }

  private static double busyMillis(TrainingTelemetry report) {
    return report.operations().stream()
        .flatMap(operations -> operations.millis().stream())
        .mapToDouble(Double::doubleValue)
        .sum();
  }

  /** Drops what is open: the job has gone back to a checkpoint. */
  void clear() {
    open.clear();
  }
}
