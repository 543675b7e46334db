package dev.fresco.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.pipeline.OneForwardOneBackward;
import dev.fresco.planning.pipeline.Operation;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.planning.pipeline.StageCost;
import dev.fresco.planning.pipeline.Timeline;
import dev.fresco.planning.pipeline.Timeline.Run;
import org.junit.jupiter.api.Test;

class MeasuredTimelineTest {
  @Test
  void aBackwardIsOneOperation() {
    Schedule schedule = OneForwardOneBackward.schedule(2, 1);
    PipelineShape shape = PipelineShape.uniform(2, 1, StageCost.of(1, 1, 1));

    Timeline timeline = MeasuredTimeline.of(Reports.of(3, schedule, 5, .2), schedule, shape);

    assertThat(timeline.stages().get(1))
        .containsExactly(
            new Run(new Operation(Operation.Kind.FORWARD, 0, 0), 0, 5),
            new Run(new Operation(Operation.Kind.BACKWARD, 0, 0), 5, 15));
    assertThat(timeline.makespan()).isEqualTo(15);
  }
}
