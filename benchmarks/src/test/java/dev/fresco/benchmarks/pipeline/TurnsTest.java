package dev.fresco.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.pipeline.OneForwardOneBackward;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.trainer.run.IterationReport;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static final Schedule SCHEDULE = OneForwardOneBackward.schedule(2, 1);
  private static final PipelinePlan A = PipelinePlan.blocking("a", SCHEDULE);
  private static final PipelinePlan B = PipelinePlan.blocking("b", SCHEDULE);

  @Test
  void plansTakeTurnsAndTheFirstOfATurnIsLeftOut() {
    Turns turns = new Turns(List.of(A, B), 2, 2);
    assertThat(turns.iterations()).isEqualTo(12);
    for (long iteration = 0; iteration < 12; iteration++) {
      Optional<PipelinePlan> plan = turns.get();
      assertThat(plan)
          .isEqualTo(iteration % 3 > 0 ? Optional.empty() : Optional.of(iteration % 6 < 3 ? A : B));
      turns.iterated(Reports.of(iteration, SCHEDULE, 1, 1));
    }
    assertThat(turns.reports().get(0))
        .extracting(IterationReport::iteration)
        .containsExactly(1L, 2L, 7L, 8L);
    assertThat(turns.reports().get(1))
        .extracting(IterationReport::iteration)
        .containsExactly(4L, 5L, 10L, 11L);
    assertThat(turns.lost()).isEmpty();
    turns.stageLost(0, "stage 1 is gone");
    assertThat(turns.lost()).isEqualTo("stage 1 is gone");
  }
}
