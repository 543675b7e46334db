package dev.fresco.planning.pipeline;

import dev.fresco.planning.pipeline.Operation.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A pipeline whose stages choose what to run when they become free, as {@link AdaptiveSchedule}
 * says. It can run one plan after the other and remembers the last. Not safe for threads.
 */
final class GreedyPipeline {
  private static final Kind[] KINDS = Kind.values();
  private static final int FORWARD = Kind.FORWARD.ordinal();
  private static final int GRADIENT = Kind.INPUT_GRADIENT.ordinal();
  private static final int WEIGHT = Kind.WEIGHT_GRADIENT.ordinal();

  private final PipelineShape shape;
  private final int stages;
  private final int microbatches;

  /** By kind and stage. */
  private final double[][] cost;

  private final double[] delay;

  /** By kind and stage: when each microbatch can be taken, and how many have been. */
  private final double[][][] available;

  private final int[][] taken;

  private final int[] warmup;
  private final double[] freeFrom;
  private final double[] nextStart;
  private final double[] workLeft;
  private final byte[][] order;
  private long simulated;

  GreedyPipeline(PipelineShape shape) {
    this.shape = shape;
    stages = shape.stages().size();
    microbatches = shape.microbatches();
    cost = new double[3][stages];
    for (int kind = 0; kind < 3; kind++) {
      for (int stage = 0; stage < stages; stage++) {
        cost[kind][stage] = shape.stages().get(stage).of(KINDS[kind]);
      }
    }
    delay = shape.links().stream().mapToDouble(Link::delay).toArray();
    available = new double[3][stages][microbatches + 1];
    taken = new int[3][stages];
    warmup = new int[stages];
    freeFrom = new double[stages];
    nextStart = new double[stages];
    workLeft = new double[stages];
    order = new byte[stages][3 * microbatches];
  }

  /** Runs a plan as Algorithm 3 says; returns the makespan. */
  double run(int[] warmups) {
    return run(warmups, 0, Double.POSITIVE_INFINITY);
  }

  /**
   * Runs a plan; returns the makespan, or infinity as soon as it cannot be under the limit.
   *
   * @param patience a stage does not start a weight gradient if another operation is known to
   *     become available within this part of the time that it takes; 0 for Algorithm 3
   */
  double run(int[] warmups, double patience, double limit) {
    reset(warmups);
    for (int operations = 3 * microbatches * stages; operations > 0; ) {
      int stage = earliest();
      if (nextStart[stage] + workLeft[stage] >= limit) {
        return Double.POSITIVE_INFINITY;
      }
      int kind = choice(stage);
      double arrival = Math.min(next(GRADIENT, stage), next(FORWARD, stage));
      if (kind == WEIGHT && arrival < nextStart[stage] + patience * cost[WEIGHT][stage]) {
        nextStart[stage] = arrival;
      } else {
        take(kind, stage);
        operations--;
        simulated++;
      }
    }
    double makespan = 0;
    for (double end : freeFrom) {
      makespan = Math.max(makespan, end);
    }
    return makespan;
  }

  private void reset(int[] warmups) {
    for (int kind = 0; kind < 3; kind++) {
      Arrays.fill(taken[kind], 0);
      for (double[] row : available[kind]) {
        Arrays.fill(row, Double.POSITIVE_INFINITY);
      }
    }
    Arrays.fill(available[FORWARD][0], 0, microbatches, 0);
    Arrays.fill(freeFrom, 0);
    for (int stage = 0; stage < stages; stage++) {
      warmup[stage] = Math.min(warmups[stage], microbatches);
      workLeft[stage] = microbatches * shape.stages().get(stage).total();
      foresee(stage);
    }
  }

  private int earliest() {
    int earliest = 0;
    for (int stage = 1; stage < stages; stage++) {
      if (nextStart[stage] < nextStart[earliest]) {
        earliest = stage;
      }
    }
    return earliest;
  }

  /** The operation of highest priority that is available when the stage can go on. */
  private int choice(int stage) {
    double now = nextStart[stage];
    if (next(GRADIENT, stage) <= now) {
      return GRADIENT;
    }
    return next(FORWARD, stage) <= now ? FORWARD : WEIGHT;
  }

  private void take(int kind, int stage) {
    int microbatch = taken[kind][stage]++;
    double end = nextStart[stage] + cost[kind][stage];
    order[stage][taken[FORWARD][stage] + taken[GRADIENT][stage] + taken[WEIGHT][stage] - 1] =
        (byte) kind;
    freeFrom[stage] = end;
    workLeft[stage] -= cost[kind][stage];
    if (kind == FORWARD) {
      sendForward(stage, microbatch, end);
    } else if (kind == GRADIENT) {
      available[WEIGHT][stage][microbatch] = end;
      sendBack(stage, microbatch, end);
    }
    foresee(stage);
  }

  private void sendForward(int stage, int microbatch, double end) {
    if (stage == stages - 1) {
      available[GRADIENT][stage][microbatch] = end;
    } else {
      available[FORWARD][stage + 1][microbatch] = end + delay[stage];
      foresee(stage + 1);
    }
  }

  private void sendBack(int stage, int microbatch, double end) {
    if (stage > 0) {
      available[GRADIENT][stage - 1][microbatch] = end + delay[stage - 1];
      foresee(stage - 1);
    }
  }

  /** Notes when a stage can go on, as far as is known. */
  private void foresee(int stage) {
    double start = Double.POSITIVE_INFINITY;
    for (int kind = 0; kind < 3; kind++) {
      start = Math.min(start, next(kind, stage));
    }
    nextStart[stage] = Math.max(start, freeFrom[stage]);
  }

  /** When the next of a kind can be taken, as far as is known; never if the plan forbids it. */
  private double next(int kind, int stage) {
    int ahead = taken[FORWARD][stage] - taken[GRADIENT][stage];
    boolean allowed =
        kind == FORWARD ? ahead < warmup[stage] : taken[FORWARD][stage] >= warmup[stage];
    return allowed ? available[kind][stage][taken[kind][stage]] : Double.POSITIVE_INFINITY;
  }

  /** How many operations all plans so far have run. */
  long simulated() {
    return simulated;
  }

  /** What the last plan made the stages do. */
  Schedule schedule() {
    List<List<Operation>> orders = new ArrayList<>();
    for (byte[] kinds : order) {
      StageOrder stage = new StageOrder(1);
      for (byte kind : kinds) {
        stage.add(KINDS[kind]);
      }
      orders.add(stage.operations());
    }
    return new Schedule(microbatches, ModelChunks.onePerStage(stages), orders);
  }
}
