package dev.fresco.planning.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.planning.pipeline.ModelChunks.Layout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipelineValuesTest {
  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesTimesThatAreNone(double time) {
    assertThatThrownBy(() -> StageCost.of(1, time, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("inputGradient is " + time);
    assertThatThrownBy(() -> Link.delegated(time)).hasMessageStartingWith("delay is " + time);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, .5, Double.NaN})
  void aStageHasRoomForAnActivation(double limit) {
    assertThatThrownBy(() -> new StageCost(1, 1, 1, limit))
        .hasMessage("memoryLimit is " + limit + "; the least is 1");
  }

  @Test
  void aPipelineHasALinkBetweenEachTwoStages() {
    List<StageCost> stages = List.of(StageCost.of(1, 1, 1), StageCost.of(1, 1, 1));
    assertThatThrownBy(() -> new PipelineShape(1, stages, List.of()))
        .hasMessage("there are 0 links between 2 stages");
    assertThatThrownBy(() -> new PipelineShape(0, stages, List.of(Link.HEALTHY)))
        .hasMessageContaining("microbatches is 0");
  }

  @ParameterizedTest
  @CsvSource({"LOOP, 0 1 2 0 1 2", "ZIGZAG, 0 1 2 2 1 0"})
  void piecesLieInALoopOrInAZigzag(Layout layout, String stages) {
    ModelChunks chunks = new ModelChunks(3, 2, layout);
    List<String> found = new ArrayList<>();
    for (int piece = 0; piece < chunks.pieces(); piece++) {
      int stage = chunks.stageOf(piece);
      found.add(Integer.toString(stage));
      assertThat(chunks.piece(stage, piece / 3)).isEqualTo(piece);
    }
    assertThat(String.join(" ", found)).isEqualTo(stages);
  }

  /** 12 microbatches: the last stage's work after the first way there. One: there and back. */
  @ParameterizedTest
  @CsvSource({"12, 10, 400", "12, 0, 390", "1, 0, 90", "1, 10, 110"})
  void aMakespanThatNoScheduleUndercuts(int microbatches, double delay, double least) {
    assertThat(Pipelines.tens(4, microbatches, delay).leastMakespan()).isEqualTo(least);
  }
}
