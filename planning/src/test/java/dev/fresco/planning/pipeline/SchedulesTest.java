package dev.fresco.planning.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What holds for the schedules of every generator. */
class SchedulesTest {
  private static final double HAIR = 1e-6;

  /** All that can be made for a pipeline, the plans' own memory aside. */
  private static List<Schedule> all(PipelineShape shape) {
    int stages = shape.stages().size();
    int microbatches = shape.microbatches();
    return List.of(
        OneForwardOneBackward.schedule(stages, microbatches),
        Interleaved.schedule(stages, microbatches, 2),
        Interleaved.schedule(stages, microbatches, 3),
        ZeroBubble.onePart(stages, microbatches),
        ZeroBubble.twoParts(stages, microbatches),
        ZeroBubble.vee(stages, microbatches),
        AdaptiveSchedule.of(AdaptivePlan.initial(shape), shape),
        AdaptiveSchedule.of(AdaptivePlan.adapted(shape), shape),
        AdaptiveSearch.schedule(shape));
  }

  @Property(tries = 300)
  void everyScheduleCanBeCarriedOut(@ForAll("pipelines") PipelineShape shape) {
    for (Schedule schedule : all(shape)) {
      assertThat(ScheduleCheck.problems(schedule, shape)).isEmpty();
      assertThat(ScheduleCheck.problems(schedule, shape.withLinks(Link::blocking))).isEmpty();
    }
  }

  @Property(tries = 300)
  void noneUndercutsItsCriticalPathOrItsBusiestStage(@ForAll("pipelines") PipelineShape shape) {
    for (Schedule schedule : all(shape)) {
      Timeline timeline = ScheduleSimulation.run(schedule, shape);
      double least = criticalPath(shape, schedule.chunks().perStage());
      for (int stage = 0; stage < shape.stages().size(); stage++) {
        double work = shape.microbatches() * shape.stages().get(stage).total();
        assertThat(timeline.busy(stage)).isCloseTo(work, within(HAIR));
        least = Math.max(least, work);
      }
      assertThat(timeline.makespan()).isGreaterThanOrEqualTo(least - HAIR);
      if (schedule.chunks().perStage() == 1) {
        assertThat(timeline.makespan()).isGreaterThanOrEqualTo(shape.leastMakespan() - HAIR);
      }
      assertThat(timeline.bubbleRatio()).isBetween(0.0, 1.0);
      assertThat(timeline.idleRatio()).isBetween(0.0, 1.0);
    }
  }

  /** One microbatch there and back, and the weight gradient of the first piece of the model. */
  private static double criticalPath(PipelineShape shape, int perStage) {
    double path = shape.stages().get(0).weightGradient() / perStage;
    for (StageCost stage : shape.stages()) {
      path += stage.forward() + stage.inputGradient();
    }
    for (Link link : shape.links()) {
      path += 2 * link.delay();
    }
    return path;
  }

  @Property(tries = 200)
  void moreDelayNeverShortensAScheduleNorDoesBlocking(
      @ForAll("pipelines") PipelineShape shape,
      @ForAll @DoubleRange(min = 0, max = 50) double more) {
    PipelineShape slower = shape.withLinks(delay -> Link.delegated(delay + more));
    for (Schedule schedule : all(shape)) {
      double makespan = ScheduleSimulation.run(schedule, shape).makespan();
      double slow = ScheduleSimulation.run(schedule, slower).makespan();
      double blocked =
          ScheduleSimulation.run(schedule, slower.withLinks(Link::blocking)).makespan();
      assertThat(slow).isGreaterThanOrEqualTo(makespan - HAIR);
      assertThat(blocked).isGreaterThanOrEqualTo(slow - HAIR);
    }
  }

  @Provide
  Arbitrary<PipelineShape> pipelines() {
    return Pipelines.upTo(7, 24);
  }

  /** With equal times: arXiv:2104.04473, section 2; arXiv:2401.10241, table 2. */
  @Property(tries = 200)
  void bubblesAreAsTheorySays(
      @ForAll @IntRange(min = 1, max = 10) int stages, @ForAll @IntRange(max = 20) int more) {
    int microbatches = 2 * stages + more;
    PipelineShape shape = Pipelines.tens(stages, microbatches);
    double work = 30.0 * microbatches;
    double gap = stages - 1;
    assertThat(bubble(OneForwardOneBackward.schedule(stages, microbatches), shape))
        .isCloseTo(gap / (microbatches + gap), within(HAIR));
    assertThat(bubble(ZeroBubble.onePart(stages, microbatches), shape))
        .isCloseTo(10 * gap / (work + 10 * gap), within(HAIR));
    assertThat(bubble(ZeroBubble.twoParts(stages, microbatches), shape)).isCloseTo(0, within(HAIR));
    assertThat(bubble(ZeroBubble.vee(stages, microbatches), shape)).isCloseTo(0, within(HAIR));
  }

  @Property(tries = 100)
  void interleavingDividesTheBubbleByTheChunks(
      @ForAll @IntRange(min = 1, max = 8) int stages,
      @ForAll @IntRange(min = 1, max = 4) int groups,
      @ForAll @IntRange(min = 2, max = 4) int perStage) {
    int microbatches = groups * stages;
    PipelineShape shape = Pipelines.tens(stages, microbatches);
    double bubble = 30.0 * (stages - 1) / perStage;
    assertThat(
            ScheduleSimulation.run(Interleaved.schedule(stages, microbatches, perStage), shape)
                .makespan())
        .isCloseTo(30.0 * microbatches + bubble, within(HAIR));
  }

  private static double bubble(Schedule schedule, PipelineShape shape) {
    return ScheduleSimulation.run(schedule, shape).bubbleRatio();
  }

  @Property(tries = 200)
  void memoryIsAsMuchAsTheClassesSay(
      @ForAll @IntRange(min = 1, max = 10) int stages,
      @ForAll @IntRange(min = 1, max = 40) int microbatches) {
    Schedule plain = OneForwardOneBackward.schedule(stages, microbatches);
    Schedule one = ZeroBubble.onePart(stages, microbatches);
    Schedule two = ZeroBubble.twoParts(stages, microbatches);
    Schedule vee = ZeroBubble.vee(stages, microbatches);
    for (int stage = 0; stage < stages; stage++) {
      assertThat(plain.peakActivations(stage)).isEqualTo(Math.min(microbatches, stages - stage));
      assertThat(one.peakUntilWeightGradient(stage)).isLessThanOrEqualTo(stages);
      assertThat(two.peakUntilWeightGradient(stage)).isLessThanOrEqualTo(2 * stages - 1);
      assertThat(vee.peakUntilWeightGradient(stage)).isLessThanOrEqualTo(stages);
    }
  }

  @Property(tries = 200)
  void adaptiveSchedulesHoldNoMoreThanTheirWarmUp(@ForAll("pipelines") PipelineShape shape) {
    AdaptivePlan plan = AdaptivePlan.adapted(shape);
    Schedule schedule = AdaptiveSchedule.of(plan, shape);
    for (int stage = 0; stage < shape.stages().size(); stage++) {
      assertThat(schedule.peakActivations(stage)).isLessThanOrEqualTo(plan.warmups().get(stage));
    }
  }

  @Provide
  Arbitrary<PipelineShape> limited() {
    return Pipelines.upTo(6, 20)
        .flatMap(
            shape -> Arbitraries.integers().between(1, 8).map(fit -> shape.withMemoryLimit(fit)));
  }

  @Property(tries = 200)
  void firstPlansAndSearchedOnesKeepToTheMemory(@ForAll("limited") PipelineShape shape) {
    Schedule initial = AdaptiveSchedule.of(AdaptivePlan.initial(shape), shape);
    assertThat(ScheduleCheck.problems(initial, shape)).isEmpty();
    assertThat(ScheduleCheck.problems(AdaptiveSearch.schedule(shape), shape)).isEmpty();
  }

  @Test
  void theExamplesOfTheClasses() {
    assertThat(OneForwardOneBackward.schedule(2, 3))
        .hasToString("F0 F1 BW0 F2 BW1 BW2\nF0 BW0 F1 BW1 F2 BW2");
    assertThat(Interleaved.schedule(2, 2, 2).toString())
        .startsWith("F0 F1 F0.1 F1.1 BW0.1 BW1.1 BW0 BW1\n");
    assertThat(ZeroBubble.onePart(2, 3))
        .hasToString("F0 F1 B0 W0 F2 B1 W1 B2 W2\nF0 B0 F1 B1 W0 F2 B2 W1 W2");
  }
}
