package dev.fresco.planning.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PipelinePlanTest {
  private static final Schedule SCHEDULE = OneForwardOneBackward.schedule(3, 4);

  @Test
  void delegatesAreOnLinksOfThePipeline() {
    assertThat(PipelinePlan.blocking("1F1B", SCHEDULE).delegatesByLink()).isEmpty();
    assertThat(new PipelinePlan("x", SCHEDULE, Map.of(0, 1, 1, 3)).delegatesByLink()).hasSize(2);

    assertThatThrownBy(() -> new PipelinePlan("x", SCHEDULE, Map.of(2, 1)))
        .hasMessage("plan x delegates link 2; the pipeline has 2");
    assertThatThrownBy(() -> new PipelinePlan("x", SCHEDULE, Map.of(-1, 1)))
        .hasMessageContaining("link -1");
    assertThatThrownBy(() -> new PipelinePlan("x", SCHEDULE, Map.of(1, 0)))
        .hasMessage("the number of delegates of link 1 is 0; the least is 1");
    assertThatThrownBy(() -> new PipelinePlan("x", SCHEDULE, Map.of(), List.of(0, 2, 0)))
        .hasMessage("plan x puts two stages on one host: [0, 2, 0]");
    assertThatThrownBy(() -> PipelinePlan.blocking(" ", SCHEDULE)).hasMessageContaining("name");
  }
}
