package dev.fresco.planning.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * When each operation of an iteration runs.
 *
 * @param stages for each stage its operations, in order
 */
public record Timeline(PipelineShape shape, Schedule schedule, List<List<Run>> stages) {
  public Timeline {
    stages = stages.stream().map(List::copyOf).toList();
  }

  /** One operation, from the start of the iteration. */
  public record Run(Operation operation, double start, double end) {}

  /**
   * What travels on a slow link.
   *
   * @param kind of the operation that made it
   */
  public record Message(
      Operation.Kind kind, int from, int to, double sent, double arrived, boolean blocking) {}

  /** From the start of the iteration to the end of its last operation. */
  public double makespan() {
    return stages.stream()
        .filter(runs -> !runs.isEmpty())
        .mapToDouble(Timeline::end)
        .max()
        .orElse(0);
  }

  /** From the first operation of a stage to the end of its last. */
  public double span(int stage) {
    List<Run> runs = stages.get(stage);
    return runs.isEmpty() ? 0 : end(runs) - runs.get(0).start();
  }

  /** For how long a stage computes. */
  public double busy(int stage) {
    return stages.get(stage).stream().mapToDouble(run -> run.end() - run.start()).sum();
  }

  /**
   * The bubble of iterations that follow each other at once: what the longest span of a stage has
   * beyond what the busiest stage computes, as a part of that span (arXiv:2401.10241, section 5).
   * From 0 to 1.
   */
  public double bubbleRatio() {
    double longest = 0;
    double busiest = 0;
    for (int stage = 0; stage < stages.size(); stage++) {
      longest = Math.max(longest, span(stage));
      busiest = Math.max(busiest, busy(stage));
    }
    return longest == 0 ? 0 : Math.max(0, 1 - busiest / longest);
  }

  /** The part of all stages' time, from start to makespan, in which nothing is computed. */
  public double idleRatio() {
    double whole = makespan() * stages.size();
    double busy = 0;
    for (int stage = 0; stage < stages.size(); stage++) {
      busy += busy(stage);
    }
    return whole == 0 ? 0 : Math.max(0, 1 - busy / whole);
  }

  /** As {@link Schedule#peakActivations}. */
  public double peakActivations(int stage) {
    return schedule.peakActivations(stage);
  }

  /** All that is delayed on its way, in the order of the senders and their operations. */
  public List<Message> delayedMessages() {
    List<Message> messages = new ArrayList<>();
    for (int stage = 0; stage < stages.size(); stage++) {
      for (Run run : stages.get(stage)) {
        addDelayed(messages, stage, run);
      }
    }
    return messages;
  }

  private void addDelayed(List<Message> messages, int stage, Run run) {
    Operation.Kind kind = run.operation().kind();
    ModelChunks chunks = schedule.chunks();
    int from = chunks.piece(stage, run.operation().chunk());
    int to = kind == Operation.Kind.FORWARD ? from + 1 : from - 1;
    if (kind == Operation.Kind.WEIGHT_GRADIENT || to < 0 || to == chunks.pieces()) {
      return;
    }
    Link link = shape.linkBetween(chunks, from, to);
    if (link.delay() > 0) {
      double arrived = run.end() + link.delay();
      messages.add(
          new Message(kind, stage, chunks.stageOf(to), run.end(), arrived, !link.delegated()));
    }
  }

  private static double end(List<Run> runs) {
    return runs.get(runs.size() - 1).end();
  }
}
