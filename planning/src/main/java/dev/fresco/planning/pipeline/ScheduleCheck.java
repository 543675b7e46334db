package dev.fresco.planning.pipeline;

import dev.fresco.planning.pipeline.Operation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a schedule can be carried out.
 *
 * <p>Every forward must be there once and every gradient once, alone or in one operation with the
 * other; no stage may wait for ever; no stage may hold more activations than its limit, as {@link
 * Schedule#peakActivations} counts them.
 */
public final class ScheduleCheck {
  private final Schedule schedule;
  private final PipelineShape shape;
  private final List<Problem> problems = new ArrayList<>();

  private ScheduleCheck(Schedule schedule, PipelineShape shape) {
    this.schedule = schedule;
    this.shape = shape;
  }

  /** What is wrong, in words for a log. */
  public record Problem(Category category, String message) {}

  /** Sorts of problems. */
  public enum Category {
    /** An operation that has to be there is not. */
    MISSING,
    /** An operation is there more than once. */
    REPEATED,
    /** Stages wait for each other, or for what is missing; the message names where each waits. */
    DEADLOCK,
    /** A stage holds more than fits. */
    MEMORY
  }

  /**
   * All problems; none if the schedule can be carried out.
   *
   * @throws IllegalArgumentException if it is for another number of stages or microbatches
   */
  public static List<Problem> problems(Schedule schedule, PipelineShape shape) {
    ScheduleCheck check = new ScheduleCheck(schedule, shape);
    Map<Integer, Operation> stuck = ScheduleSimulation.stuck(schedule, shape);
    for (int stage = 0; stage < schedule.stages().size(); stage++) {
      check.completeness(stage);
      check.memory(stage);
    }
    if (!stuck.isEmpty()) {
      check.problems.add(new Problem(Category.DEADLOCK, ScheduleSimulation.describe(stuck)));
    }
    return check.problems;
  }

  private void completeness(int stage) {
    Map<Operation, Integer> times = new HashMap<>();
    for (Operation operation : schedule.stages().get(stage)) {
      parts(operation).forEach(part -> times.merge(part, 1, Integer::sum));
    }
    for (int microbatch = 0; microbatch < schedule.microbatches(); microbatch++) {
      for (int chunk = 0; chunk < schedule.chunks().perStage(); chunk++) {
        for (Operation part : parts(microbatch, chunk)) {
          once(stage, part, times.getOrDefault(part, 0));
        }
      }
    }
  }

  private void once(int stage, Operation part, int times) {
    if (times == 0) {
      problems.add(new Problem(Category.MISSING, "stage " + stage + " never runs " + part));
    } else if (times > 1) {
      problems.add(
          new Problem(
              Category.REPEATED, "stage " + stage + " runs " + part + " " + times + " times"));
    }
  }

  private static List<Operation> parts(int microbatch, int chunk) {
    return List.of(
        new Operation(Kind.FORWARD, microbatch, chunk),
        new Operation(Kind.INPUT_GRADIENT, microbatch, chunk),
        new Operation(Kind.WEIGHT_GRADIENT, microbatch, chunk));
  }

  private static List<Operation> parts(Operation operation) {
    return operation.kind() == Kind.BACKWARD
        ? parts(operation.microbatch(), operation.chunk()).subList(1, 3)
        : List.of(operation);
  }

  private void memory(int stage) {
    double peak = schedule.peakActivations(stage);
    double limit = shape.stages().get(stage).memoryLimit();
    if (peak > limit) {
      problems.add(
          new Problem(
              Category.MEMORY,
              "stage " + stage + " holds " + peak + " activations; its memoryLimit is " + limit));
    }
  }
}
