package dev.fresco.planning.pipeline;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Prints how far adaptive schedules are from the shortest, and what planning takes. Its argument is
 * the number of cases, 1,000 if there is none.
 */
final class AdaptiveStudy {
  private static final long MOST_NODES = 10_000_000;

  private AdaptiveStudy() {}

  public static void main(String[] arguments) {
    int cases = arguments.length == 0 ? 1_000 : Integer.parseInt(arguments[0]);
    gaps("without memory limit", cases, Pipelines::small);
    gaps("with room for 2 to 6 activations", cases, Pipelines::smallWithLittleMemory);
    large();
  }

  private static void gaps(String what, int cases, Function<Random, PipelineShape> source) {
    List<Double> planned = new ArrayList<>();
    List<Double> searched = new ArrayList<>();
    for (int seed = 0; seed < cases; seed++) {
      PipelineShape shape = source.apply(new Random(seed));
      double found = makespan(AdaptiveSearch.schedule(shape), shape);
      double least = OptimalMakespan.of(shape, found, MOST_NODES);
      if (!Double.isNaN(least)) {
        searched.add(found / least - 1);
        planned.add(makespan(planned(shape), shape) / least - 1);
      }
    }
    System.out.printf("%s: %d of %d solved%n", what, searched.size(), cases);
    print("  Algorithm 2, or 1 if memory is short", planned);
    print("  search", searched);
  }

  /** The paper's own: Algorithm 2 where its plan fits, else Algorithm 1. */
  private static Schedule planned(PipelineShape shape) {
    Schedule adapted = AdaptiveSchedule.of(AdaptivePlan.adapted(shape), shape);
    return ScheduleCheck.problems(adapted, shape).isEmpty()
        ? adapted
        : AdaptiveSchedule.of(AdaptivePlan.initial(shape), shape);
  }

  private static double makespan(Schedule schedule, PipelineShape shape) {
    return ScheduleSimulation.run(schedule, shape).makespan();
  }

  private static void print(String what, List<Double> gaps) {
    gaps.sort(null);
    long optimal = gaps.stream().filter(gap -> gap < 1e-9).count();
    System.out.printf(
        "%s: mean %.3f %%, p95 %.2f %%, worst %.2f %%, optimal in %d%n",
        what,
        100 * gaps.stream().mapToDouble(gap -> gap).average().orElseThrow(),
        100 * gaps.get((int) (.95 * gaps.size())),
        100 * gaps.get(gaps.size() - 1),
        optimal);
  }

  /** Large ones have no known optimum: beside a time that no schedule undercuts. */
  private static void large() {
    List<Double> planned = new ArrayList<>();
    List<Double> searched = new ArrayList<>();
    List<Double> millis = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      // Only the last round counts, when the code is compiled.
      planned.clear();
      searched.clear();
      millis.clear();
      for (int seed = 0; seed < 100; seed++) {
        PipelineShape shape = Pipelines.large(new Random(seed));
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Schedule schedule = AdaptiveSearch.schedule(shape);
        long after = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        millis.add((after - before) / 1e6);
        searched.add(makespan(schedule, shape) / shape.leastMakespan() - 1);
        planned.add(makespan(planned(shape), shape) / shape.leastMakespan() - 1);
      }
    }
    millis.sort(null);
    System.out.println("16 stages, 64 microbatches, over a lower bound:");
    print("  Algorithm 2", planned);
    print("  search", searched);
    System.out.printf(
        "  processor time of a search: median %.2f ms, p99 %.2f ms%n",
        millis.get(50), millis.get(99));
  }
}
