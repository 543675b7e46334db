package dev.fresco.planning.pipeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The least makespan of any schedule of one chunk a stage with delegated links, for small cases.
 *
 * <p>Microbatches are alike, so those of a kind may go by number on every stage: exchanging two of
 * them changes no time. What is left to choose is the order of kinds. The search goes through
 * active schedules (Giffler and Thompson, 1960): of all operations that could come next, one that
 * could end first is on some stage; that stage runs, next, one that could start before that end.
 * Partial schedules with the same operations done are compared: one whose times are all no earlier
 * than another's is dropped. So is one that by a lower bound ends no earlier than the best known.
 */
public final class OptimalMakespan {
  private static final int F = 0;
  private static final int B = 1;
  private static final int W = 2;

  private final int stages;
  private final int microbatches;
  private final double[][] cost;
  private final double[] delay;
  private final int[] limit;
  private final long mostNodes;
  private final Map<Long, List<double[]>> seen = new HashMap<>();
  private double best;
  private long nodes;

  private OptimalMakespan(PipelineShape shape, double upperBound, long mostNodes) {
    stages = shape.stages().size();
    microbatches = shape.microbatches();
    cost = new double[3][stages];
    limit = new int[stages];
    for (int i = 0; i < stages; i++) {
      StageCost stage = shape.stages().get(i);
      cost[F][i] = stage.forward();
      cost[B][i] = stage.inputGradient();
      cost[W][i] = stage.weightGradient();
      limit[i] = (int) Math.min(microbatches, stage.memoryLimit());
    }
    delay = shape.links().stream().mapToDouble(Link::delay).toArray();
    best = upperBound;
    this.mostNodes = mostNodes;
  }

  /**
   * The least makespan; NaN if it is not found within so many partial schedules.
   *
   * @param upperBound a makespan that some schedule has
   */
  public static double of(PipelineShape shape, double upperBound, long mostNodes) {
    OptimalMakespan search = new OptimalMakespan(shape, upperBound, mostNodes);
    search.branch(search.start());
    return search.nodes > mostNodes ? Double.NaN : search.best;
  }

  /** Partial schedule: how many of each kind each stage has done, and when what is at hand. */
  private static final class State {
    int[][] done;
    double[] free;

    /** When each forward or gradient can start, for those that others have made available. */
    double[][][] available;

    State copy() {
      State copy = new State();
      copy.done = new int[][] {done[F].clone(), done[B].clone(), done[W].clone()};
      copy.free = free.clone();
      copy.available = new double[2][available[F].length][];
      for (int kind = 0; kind < 2; kind++) {
        for (int i = 0; i < available[kind].length; i++) {
          copy.available[kind][i] = available[kind][i].clone();
        }
      }
      return copy;
    }
  }

  private State start() {
    State state = new State();
    state.done = new int[3][stages];
    state.free = new double[stages];
    state.available = new double[2][stages][microbatches];
    for (int i = 1; i < stages; i++) {
      Arrays.fill(state.available[F][i], Double.POSITIVE_INFINITY);
    }
    for (double[] row : state.available[B]) {
      Arrays.fill(row, Double.POSITIVE_INFINITY);
    }
    return state;
  }

  private double startOf(State state, int kind, int stage) {
    int next = state.done[kind][stage];
    if (next == microbatches) {
      return Double.POSITIVE_INFINITY;
    }
    if (kind == W) {
      return next < state.done[B][stage] ? state.free[stage] : Double.POSITIVE_INFINITY;
    }
    if (kind == F && next - state.done[B][stage] >= limit[stage]) {
      return Double.POSITIVE_INFINITY;
    }
    return Math.max(state.free[stage], state.available[kind][stage][next]);
  }

  private void branch(State state) {
    if (++nodes > mostNodes) {
      return;
    }
    double firstEnd = Double.POSITIVE_INFINITY;
    int stage = -1;
    for (int i = 0; i < stages; i++) {
      for (int kind = 0; kind < 3; kind++) {
        double end = startOf(state, kind, i) + cost[kind][i];
        if (end < firstEnd) {
          firstEnd = end;
          stage = i;
        }
      }
    }
    if (stage < 0) {
      best = Math.min(best, Arrays.stream(state.free).max().orElseThrow());
      return;
    }
    for (int kind : new int[] {B, F, W}) {
      double start = startOf(state, kind, stage);
      if (start < firstEnd || (start == firstEnd && start + cost[kind][stage] == firstEnd)) {
        State next = after(state, kind, stage, start);
        if (bound(next) < best - 1e-9 && isNew(next)) {
          branch(next);
        }
      }
    }
  }

  private State after(State state, int kind, int stage, double start) {
    State next = state.copy();
    int number = next.done[kind][stage]++;
    double end = start + cost[kind][stage];
    next.free[stage] = end;
    if (kind == F && stage < stages - 1) {
      next.available[F][stage + 1][number] = end + delay[stage];
    } else if (kind == F) {
      next.available[B][stage][number] = end;
    } else if (kind == B && stage > 0) {
      next.available[B][stage - 1][number] = end + delay[stage - 1];
    }
    return next;
  }

  /**
   * What the whole cannot undercut, for each stage: all its work, and the way of its last gradient.
   */
  private double bound(State state) {
    double[] begin = nextForwards(state);
    double bound = 0;
    double back = cost[W][0];
    for (int i = 0; i < stages; i++) {
      int forwards = microbatches - state.done[F][i];
      int gradients = microbatches - state.done[B][i];
      int weights = microbatches - state.done[W][i];
      // Where nothing is between forward and weight gradient, nothing starts before a forward.
      double from =
          forwards > 0 && gradients == forwards && weights == forwards ? begin[i] : state.free[i];
      double work = from + forwards * cost[F][i] + gradients * cost[B][i];
      bound = Math.max(bound, work + weights * cost[W][i]);
      if (gradients > 0) {
        double last = Math.max(work, lastGradient(state, i, begin[i]));
        bound = Math.max(bound, last + Math.max(cost[W][i], back));
      }
      back += cost[B][i] + (i < stages - 1 ? delay[i] : 0);
    }
    return bound;
  }

  /** When each stage can start its next forward at the earliest. */
  private double[] nextForwards(State state) {
    double[] begin = new double[stages];
    double arrival = 0;
    for (int i = 0; i < stages; i++) {
      int next = state.done[F][i];
      double known = next == microbatches ? 0 : state.available[F][i][next];
      begin[i] = Math.max(state.free[i], Double.isInfinite(known) ? arrival : known);
      arrival = begin[i] + cost[F][i] + (i < stages - 1 ? delay[i] : 0);
    }
    return begin;
  }

  /** End of the last gradient of a stage if its forwards follow each other and nothing waits. */
  private double lastGradient(State state, int stage, double begin) {
    int forwards = microbatches - state.done[F][stage];
    if (forwards == 0) {
      return state.free[stage] + cost[B][stage];
    }
    double end = begin + forwards * cost[F][stage] + cost[B][stage];
    for (int i = stage + 1; i < stages; i++) {
      end += cost[F][i] + cost[B][i] + 2 * delay[i - 1];
    }
    return end;
  }

  private boolean isNew(State state) {
    long key = 0;
    for (int i = 0; i < stages; i++) {
      for (int kind = 0; kind < 3; kind++) {
        key = key * (microbatches + 1) + state.done[kind][i];
      }
    }
    double[] times = times(state);
    List<double[]> others = seen.computeIfAbsent(key, k -> new ArrayList<>(1));
    for (double[] other : others) {
      if (noLater(other, times)) {
        return false;
      }
    }
    others.removeIf(other -> noLater(times, other));
    others.add(times);
    return true;
  }

  /** All that a partial schedule's future depends on, given what it has done. */
  private double[] times(State state) {
    double[] times = new double[stages * (1 + 2 * microbatches)];
    int n = 0;
    for (int i = 0; i < stages; i++) {
      times[n++] = state.free[i];
      for (int kind = 0; kind < 2; kind++) {
        for (int next = state.done[kind][i]; next < microbatches; next++) {
          times[n++] = Math.max(state.free[i], state.available[kind][i][next]);
        }
      }
    }
    return Arrays.copyOf(times, n);
  }

  private static boolean noLater(double[] one, double[] other) {
    for (int i = 0; i < one.length; i++) {
      if (one[i] > other[i] + 1e-9) {
        return false;
      }
    }
    return true;
  }
}
