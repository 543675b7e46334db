package dev.fresco.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.planning.pipeline.PipelinePlan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControllerTest {
  @Test
  void aLinkThatBecomesSlowAndHealsGetsDelegatesAndLosesThem() {
    Controller controller = new Controller(4, 12, 100);
    PipelinePlan healthy = controller.healthy();
    List<PipelinePlan> taken = new ArrayList<>();
    for (int iteration = 0; iteration < 60; iteration++) {
      controller.from(iteration).ifPresent(taken::add);
      boolean slow = iteration >= 20 && iteration < 40;
      controller.observe(Reports.of(iteration, healthy.schedule(), 9, slow ? 30.2 : .2));
    }
    assertThat(taken).hasSize(2);
    assertThat(taken.get(0).delegatesByLink()).containsOnlyKeys(0);
    assertThat(taken.get(0).delegatesByLink().get(0)).isEqualTo(4);
    assertThat(taken.get(1)).isEqualTo(healthy);
    assertThat(controller.delays())
        .extracting(TrainingDelay::place)
        .isNotEmpty()
        .containsOnly("link 0");
  }
}
