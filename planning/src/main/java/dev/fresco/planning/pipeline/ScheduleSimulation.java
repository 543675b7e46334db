package dev.fresco.planning.pipeline;

import dev.fresco.planning.pipeline.Operation.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What becomes of a schedule when it is carried out.
 *
 * <p>Goal: start and end of every operation, exactly; linear in their number.
 *
 * <p>Constraints: a stage computes one operation at a time and keeps their order. A forward waits
 * for the piece of the model before; an input gradient for the piece behind, or on the last piece
 * for its own forward; a weight gradient for its input gradient. Between stages next to each other,
 * a message arrives the link's delay after the end of the operation that made it; any number of
 * messages travel at a time. From the last stage back to the first, in a loop of chunks, there is
 * no delay. After sending on a link that is not delegated the sender's next operation starts no
 * earlier than that arrival.
 *
 * <p>Algorithm: every stage runs on until an operation waits for one that has not been simulated;
 * what that operation needs wakes it. A start is the latest of the times that it waits for, so the
 * order in which stages are visited does not matter.
 *
 * <p>Memory takes no time here: with a fixed order, what is held is known beforehand, see {@link
 * ScheduleCheck}.
 *
 * <p>Example: 2 stages, 1 microbatch, all times 1, delay 5. F0 of stage 0 runs from 0 to 1, of
 * stage 1 from 6 to 7; B0 of stage 1 to 8, of stage 0 from 13 to 14; W0 to 15. Two microbatches, F0
 * F1 first: F1 of stage 0 starts at 1 if the link is delegated, at 6 if not.
 */
public final class ScheduleSimulation {
  private final Schedule schedule;
  private final PipelineShape shape;
  private final ModelChunks chunks;

  /** End of each forward and each input gradient by piece and microbatch; NaN if not simulated. */
  private final double[][] forwardEnd;

  private final double[][] gradientEnd;
  private final double[] freeFrom;
  private final List<List<Timeline.Run>> runs = new ArrayList<>();
  private final Deque<Integer> awake = new ArrayDeque<>();

  private ScheduleSimulation(Schedule schedule, PipelineShape shape) {
    if (schedule.stages().size() != shape.stages().size()
        || schedule.microbatches() != shape.microbatches()) {
      throw new IllegalArgumentException(
          "the schedule is for %d stages and %d microbatches, the pipeline has %d and %d"
              .formatted(
                  schedule.stages().size(),
                  schedule.microbatches(),
                  shape.stages().size(),
                  shape.microbatches()));
    }
    this.schedule = schedule;
    this.shape = shape;
    chunks = schedule.chunks();
    forwardEnd = unknown(chunks.pieces(), shape.microbatches());
    gradientEnd = unknown(chunks.pieces(), shape.microbatches());
    freeFrom = new double[shape.stages().size()];
    for (int stage = 0; stage < freeFrom.length; stage++) {
      runs.add(new ArrayList<>(schedule.stages().get(stage).size()));
      awake.add(stage);
    }
  }

  private static double[][] unknown(int pieces, int microbatches) {
    double[][] ends = new double[pieces][microbatches];
    for (double[] row : ends) {
      Arrays.fill(row, Double.NaN);
    }
    return ends;
  }

  /**
   * Carries a schedule out on paper.
   *
   * @throws IllegalArgumentException if it is for another number of stages or microbatches
   * @throws IllegalStateException if it cannot be carried out; names what each stage waits for
   */
  public static Timeline run(Schedule schedule, PipelineShape shape) {
    ScheduleSimulation simulation = new ScheduleSimulation(schedule, shape);
    simulation.runAll();
    Map<Integer, Operation> pending = simulation.pending();
    if (!pending.isEmpty()) {
      throw new IllegalStateException("deadlock: " + describe(pending));
    }
    return new Timeline(shape, schedule, simulation.runs);
  }

  /** By stage, the operation at which it waits for ever; none if all can be carried out. */
  static Map<Integer, Operation> stuck(Schedule schedule, PipelineShape shape) {
    ScheduleSimulation simulation = new ScheduleSimulation(schedule, shape);
    simulation.runAll();
    return simulation.pending();
  }

  static String describe(Map<Integer, Operation> pending) {
    List<String> stages = new ArrayList<>();
    pending.forEach((stage, operation) -> stages.add("stage " + stage + " waits at " + operation));
    return String.join(", ", stages);
  }

  private void runAll() {
    while (!awake.isEmpty()) {
      int stage = awake.poll();
      List<Operation> order = schedule.stages().get(stage);
      while (runs.get(stage).size() < order.size()
          && runIfReady(stage, order.get(runs.get(stage).size()))) {}
    }
  }

  private Map<Integer, Operation> pending() {
    Map<Integer, Operation> pending = new TreeMap<>();
    for (int stage = 0; stage < freeFrom.length; stage++) {
      List<Operation> order = schedule.stages().get(stage);
      if (runs.get(stage).size() < order.size()) {
        pending.put(stage, order.get(runs.get(stage).size()));
      }
    }
    return pending;
  }

  private boolean runIfReady(int stage, Operation operation) {
    int piece = chunks.piece(stage, operation.chunk());
    double ready = readyAt(operation, piece);
    if (Double.isNaN(ready)) {
      return false;
    }
    double start = Math.max(freeFrom[stage], ready);
    double end = start + shape.stages().get(stage).of(operation.kind()) / chunks.perStage();
    runs.get(stage).add(new Timeline.Run(operation, start, end));
    freeFrom[stage] = end;
    if (operation.kind() == Kind.FORWARD) {
      forwardEnd[piece][operation.microbatch()] = end;
      send(piece, piece + 1);
    } else if (operation.kind().makesInputGradient()) {
      gradientEnd[piece][operation.microbatch()] = end;
      send(piece, piece - 1);
    }
    return true;
  }

  private double readyAt(Operation operation, int piece) {
    int microbatch = operation.microbatch();
    return switch (operation.kind()) {
      case FORWARD -> piece == 0 ? 0 : forwardEnd[piece - 1][microbatch] + delay(piece - 1, piece);
      case INPUT_GRADIENT, BACKWARD ->
          piece == chunks.pieces() - 1
              ? forwardEnd[piece][microbatch]
              : gradientEnd[piece + 1][microbatch] + delay(piece + 1, piece);
      case WEIGHT_GRADIENT -> gradientEnd[piece][microbatch];
    };
  }

  /** The receiver may go on; the sender may have to wait. */
  private void send(int from, int to) {
    if (to < 0 || to >= chunks.pieces()) {
      return;
    }
    freeFrom[chunks.stageOf(from)] += link(from, to).blocksFor();
    if (!awake.contains(chunks.stageOf(to))) {
      awake.add(chunks.stageOf(to));
    }
  }

  private double delay(int from, int to) {
    return link(from, to).delay();
  }

  private Link link(int from, int to) {
    return shape.linkBetween(chunks, from, to);
  }
}
