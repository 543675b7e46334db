package dev.fresco.planning.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** {@code ./fresco bench schedules} does the same for more cases and prints figures. */
class AdaptiveSearchTest {
  private static final int CASES = 100;

  private static double makespan(Schedule schedule, PipelineShape shape) {
    return ScheduleSimulation.run(schedule, shape).makespan();
  }

  /** Longer than the shortest by this part, on average over cases that are solved exactly. */
  private static double meanGap(Function<Random, PipelineShape> source) {
    double gaps = 0;
    int solved = 0;
    for (int seed = 0; seed < CASES; seed++) {
      PipelineShape shape = source.apply(new Random(seed));
      double found = makespan(AdaptiveSearch.schedule(shape), shape);
      double least = OptimalMakespan.of(shape, found, 100_000);
      if (!Double.isNaN(least)) {
        gaps += found / least - 1;
        solved++;
      }
    }
    assertThat(solved).isGreaterThan(CASES * 9 / 10);
    return gaps / solved;
  }

  @Test
  void isWithinOnePerCentOfTheShortestOnAverage() {
    assertThat(meanGap(RandomPipelines::small)).isBetween(0.0, .01);
  }

  @Test
  void soItIsWithLittleMemory() {
    assertThat(meanGap(RandomPipelines::smallWithLittleMemory)).isBetween(0.0, .01);
  }

  @Property(tries = 100)
  void isNeverLongerThanThePlanOfAlgorithm2(@ForAll("pipelines") PipelineShape shape) {
    double planned = makespan(AdaptiveSchedule.of(AdaptivePlan.adapted(shape), shape), shape);
    assertThat(makespan(AdaptiveSearch.schedule(shape), shape))
        .isLessThanOrEqualTo(planned * (1 + 1e-9));
  }

  @Property(tries = 30)
  void thePlannersTimesAreTheSimulations(@ForAll("pipelines") PipelineShape shape) {
    GreedyPipeline pipeline = new GreedyPipeline(shape);
    int[] warmups =
        AdaptivePlan.adapted(shape).warmups().stream().mapToInt(Integer::intValue).toArray();
    for (double patience : new double[] {0, .5, 1}) {
      double makespan = pipeline.run(warmups, patience, Double.POSITIVE_INFINITY);
      assertThat(makespan(pipeline.schedule(), shape)).isCloseTo(makespan, within(1e-6));
    }
  }

  @Provide
  Arbitrary<PipelineShape> pipelines() {
    return Pipelines.upTo(7, 24);
  }

  @Test
  void theExampleOfTheClass() {
    StageCost stage = StageCost.of(2, 1, 2);
    PipelineShape shape =
        new PipelineShape(
            3, List.of(stage, stage, stage), List.of(Link.delegated(3), Link.HEALTHY));
    Schedule planned = AdaptiveSchedule.of(AdaptivePlan.adapted(shape), shape);
    assertThat(makespan(planned, shape)).isEqualTo(24);
    assertThat(makespan(AdaptiveSearch.schedule(shape), shape)).isEqualTo(23);
    Schedule better = AdaptiveSchedule.of(new AdaptivePlan(List.of(3, 2, 1)), shape);
    assertThat(makespan(better, shape)).isEqualTo(23);
  }
}
