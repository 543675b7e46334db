package dev.fresco.benchmarks.schedules;

import dev.fresco.planning.pipeline.AdaptivePlan;
import dev.fresco.planning.pipeline.AdaptiveSchedule;
import dev.fresco.planning.pipeline.AdaptiveSearch;
import dev.fresco.planning.pipeline.OptimalMakespan;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.RandomPipelines;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.planning.pipeline.ScheduleCheck;
import dev.fresco.planning.pipeline.ScheduleSimulation;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * By what parts of it schedules are longer than the least makespan that is known.
 *
 * @param cases that were tried; those whose least makespan was not found in time are left out
 * @param planned of the paper's algorithms, from the least to the largest
 * @param searched of {@link AdaptiveSearch}, likewise
 */
record ScheduleGaps(int cases, double[] planned, double[] searched) {
  /** Partial schedules that the exact search looks at before it gives up. */
  private static final long MOST_NODES = 10_000_000;

  /** To the shortest schedule that there is. */
  static ScheduleGaps toTheShortest(int cases, Function<Random, PipelineShape> source) {
    DoubleStream.Builder planned = DoubleStream.builder();
    DoubleStream.Builder searched = DoubleStream.builder();
    for (int seed = 0; seed < cases; seed++) {
      PipelineShape shape = source.apply(new Random(seed));
      double found = makespan(AdaptiveSearch.schedule(shape), shape);
      double least = OptimalMakespan.of(shape, found, MOST_NODES);
      if (!Double.isNaN(least)) {
        searched.add(found / least - 1);
        planned.add(makespan(ofThePaper(shape), shape) / least - 1);
      }
    }
    return new ScheduleGaps(cases, sorted(planned), sorted(searched));
  }

  /** Of large pipelines, to a time that no schedule undercuts. */
  static ScheduleGaps toTheBound(int cases) {
    DoubleStream.Builder planned = DoubleStream.builder();
    DoubleStream.Builder searched = DoubleStream.builder();
    for (int seed = 0; seed < cases; seed++) {
      PipelineShape shape = RandomPipelines.large(new Random(seed));
      double least = shape.leastMakespan();
      searched.add(makespan(AdaptiveSearch.schedule(shape), shape) / least - 1);
      planned.add(makespan(ofThePaper(shape), shape) / least - 1);
    }
    return new ScheduleGaps(cases, sorted(planned), sorted(searched));
  }

  private static double[] sorted(DoubleStream.Builder values) {
    return values.build().sorted().toArray();
  }

  /** Algorithm 2 where its plan fits into memory, else Algorithm 1. */
  private static Schedule ofThePaper(PipelineShape shape) {
    Schedule adapted = AdaptiveSchedule.of(AdaptivePlan.adapted(shape), shape);
    return ScheduleCheck.problems(adapted, shape).isEmpty()
        ? adapted
        : AdaptiveSchedule.of(AdaptivePlan.initial(shape), shape);
  }

  private static double makespan(Schedule schedule, PipelineShape shape) {
    return ScheduleSimulation.run(schedule, shape).makespan();
  }

  static double mean(double[] gaps) {
    return Arrays.stream(gaps).average().orElse(Double.NaN);
  }

  /** Of sorted gaps. */
  static double quantile(double[] gaps, double share) {
    return gaps.length == 0 ? Double.NaN : gaps[(int) Math.round(share * (gaps.length - 1))];
  }

  /** How many are the least makespan, but for rounding. */
  static int optimal(double[] gaps) {
    return (int) Arrays.stream(gaps).filter(gap -> gap < 1e-9).count();
  }
}
