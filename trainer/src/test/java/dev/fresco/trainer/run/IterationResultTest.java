package dev.fresco.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.planning.pipeline.ModelChunks;
import dev.fresco.planning.pipeline.Operation;
import dev.fresco.planning.pipeline.Operation.Kind;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.spec.TrainingSpec;
import dev.fresco.trainer.stage.OperationSample;
import dev.fresco.trainer.stage.StageAnswer.Computed;
import dev.fresco.trainer.stage.StagePlace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IterationResultTest {
  private static final StagePlace FIRST = new StagePlace(0, 0);
  private static final StagePlace LAST = new StagePlace(0, 1);

  @TempDir Path folder;

  private IterationResult result(Map<StagePlace, Computed> stages, int replicas) {
    TrainingSpec spec =
        Scenario.spec(folder, new PipelineSpec(replicas, ModelChunks.onePerStage(2), 2), 1e-3, 1);
    return new IterationResult(spec, new TreeMap<>(stages));
  }

  private static Computed computed(
      Map<Integer, Double> losses, Map<Integer, Double> norms, OperationSample... samples) {
    return new Computed(
        3, new TreeMap<>(losses), new TreeMap<>(norms), List.of(samples), List.of(), List.of());
  }

  private static OperationSample sample(long startMillis, double millis) {
    return new OperationSample(
        new Operation(Kind.FORWARD, 0, 0), Instant.ofEpochMilli(startMillis), millis);
  }

  @Test
  void theBubbleIsWhatTheLongestStageHasBeyondTheBusiest() {
    // By other clocks: one works 5 of 10 ms, the other 6 of 8 ms.
    IterationResult result =
        result(
            Map.of(
                FIRST, computed(Map.of(), Map.of(), sample(100, 3), sample(108, 2)),
                LAST, computed(Map.of(), Map.of(), sample(7, 4), sample(13, 2))),
            1);

    assertThat(result.bubbleRatio()).isCloseTo(0.4, within(1e-9));
  }

  @Test
  void lossesAndNormsAreThoseOfTheMeanOverAllReplicas() {
    StagePlace otherLast = new StagePlace(1, 1);
    IterationResult result =
        result(
            Map.of(
                FIRST,
                computed(Map.of(), Map.of(0, 144.0)),
                LAST,
                computed(Map.of(0, 1.0, 1, 2.0), Map.of(1, 256.0)),
                new StagePlace(1, 0),
                computed(Map.of(), Map.of(0, 144.0)),
                otherLast,
                computed(Map.of(0, 3.0, 1, 5.0), Map.of(1, 256.0))),
            2);

    assertThat(result.loss()).isEqualTo(11 / 4.0);
    assertThat(result.gradientNorm()).isEqualTo(5);
    assertThat(result.scale()).isCloseTo(1 / 20.0, within(1e-6));
    assertThat(result.notFinite()).isEmpty();
  }

  @Test
  void saysWhatIsNotFinite() {
    assertThat(
            result(
                    Map.of(
                        FIRST, computed(Map.of(), Map.of(0, 1.0)),
                        LAST, computed(Map.of(0, 1.0, 1, Double.NaN), Map.of(1, 1.0))),
                    1)
                .notFinite())
        .contains("the loss is NaN");
    assertThat(
            result(
                    Map.of(
                        FIRST, computed(Map.of(), Map.of(0, Double.POSITIVE_INFINITY)),
                        LAST, computed(Map.of(0, 1.0, 1, 1.0), Map.of(1, 1.0))),
                    1)
                .notFinite())
        .contains("the norm of the gradient is Infinity");
  }
}
