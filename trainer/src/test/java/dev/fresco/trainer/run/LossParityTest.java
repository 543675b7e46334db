package dev.fresco.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.pipeline.AdaptivePlan;
import dev.fresco.planning.pipeline.AdaptiveSchedule;
import dev.fresco.planning.pipeline.Interleaved;
import dev.fresco.planning.pipeline.Link;
import dev.fresco.planning.pipeline.OneForwardOneBackward;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.planning.pipeline.StageCost;
import dev.fresco.planning.pipeline.ZeroBubble;
import dev.fresco.trainer.run.RunOutcome.State;
import dev.fresco.trainer.spec.TrainingSpec;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The losses of a pipeline are those of a single process. */
class LossParityTest {
  private static final int ITERATIONS = 100;
  private static final int S = Scenario.STAGES;
  private static final int N = Scenario.MICROBATCHES;

  @TempDir static Path shared;
  private static List<Double> wanted;

  @TempDir Path folder;

  @BeforeAll
  static void trainTheWholeModel() {
    Schedule any = OneForwardOneBackward.schedule(S, N);
    wanted = Scenario.wholeModel(Scenario.spec(shared, any.chunks(), ITERATIONS));
    assertThat(wanted.get(ITERATIONS - 1)).isLessThan(0.9 * wanted.get(0));
  }

  private static Schedule adapted(double delay) {
    PipelineShape shape =
        PipelineShape.uniform(S, N, StageCost.of(1, 1, 1)).withLink(1, Link.delegated(delay));
    return AdaptiveSchedule.of(AdaptivePlan.adapted(shape), shape);
  }

  static Stream<PipelinePlan> plans() {
    return Stream.of(
        PipelinePlan.blocking("1F1B", OneForwardOneBackward.schedule(S, N)),
        PipelinePlan.blocking("interleaved", Interleaved.schedule(S, N, 2)),
        PipelinePlan.blocking("ZB-1P", ZeroBubble.onePart(S, N)),
        new PipelinePlan("ZB-2P", ZeroBubble.twoParts(S, N), Map.of(0, 2, 1, 2)),
        new PipelinePlan("ZB-V", ZeroBubble.vee(S, N), Map.of(1, 1)),
        new PipelinePlan("adapted", adapted(3), Map.of(1, 3)));
  }

  @ParameterizedTest
  @MethodSource("plans")
  void underEverySchedule(PipelinePlan plan) throws InterruptedException {
    Recorder told = run(plan, Optional::empty);

    Scenario.requireEqual(told.losses(), wanted);
  }

  @Test
  void whileSchedulesChange() throws InterruptedException {
    List<PipelinePlan> plans =
        plans().filter(plan -> plan.schedule().chunks().perStage() == 1).toList();
    Iterator<Integer> iterations = IntStream.range(0, ITERATIONS).iterator();
    Recorder told =
        run(
            plans.get(0),
            () -> {
              int iteration = iterations.next();
              return iteration % 3 == 2
                  ? Optional.of(plans.get(iteration / 3 % plans.size()))
                  : Optional.empty();
            });

    Scenario.requireEqual(told.losses(), wanted);
    assertThat(told.reports.values().stream().map(IterationReport::plan).distinct())
        .containsExactlyInAnyOrder("1F1B", "ZB-1P", "ZB-2P", "adapted");
  }

  private Recorder run(PipelinePlan first, Supplier<Optional<PipelinePlan>> plans)
      throws InterruptedException {
    TrainingSpec spec = Scenario.spec(shared, first.schedule().chunks(), ITERATIONS);
    Recorder told = new Recorder();
    RunOutcome outcome =
        new TrainingRun(
                spec,
                RunSettings.of("parity", "secret", folder, ITERATIONS),
                new ThreadStages(),
                first,
                plans,
                told)
            .run();

    assertThat(outcome).isEqualTo(new RunOutcome(State.FINISHED, ITERATIONS, ""));
    assertThat(told.dropped).isEmpty();
    return told;
  }
}
