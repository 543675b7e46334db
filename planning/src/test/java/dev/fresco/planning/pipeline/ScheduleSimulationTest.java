package dev.fresco.planning.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.planning.pipeline.Operation.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleSimulationTest {
  private static final StageCost ONES = StageCost.of(1, 1, 1);

  private static PipelineShape two(int microbatches, Link link) {
    return new PipelineShape(microbatches, List.of(ONES, ONES), List.of(link));
  }

  /** Such as {@code F0@0-1}. */
  private static String words(Timeline timeline, int stage) {
    StringBuilder words = new StringBuilder();
    for (Timeline.Run run : timeline.stages().get(stage)) {
      words.append(words.isEmpty() ? "" : " ").append(run.operation());
      words.append('@').append((int) run.start()).append('-').append((int) run.end());
    }
    return words.toString();
  }

  @Test
  void aMessageArrivesTheDelayAfterItsSenderEnds() {
    Timeline timeline = ScheduleSimulation.run(ZeroBubble.onePart(2, 1), two(1, Link.delegated(5)));
    assertThat(words(timeline, 0)).isEqualTo("F0@0-1 B0@13-14 W0@14-15");
    assertThat(words(timeline, 1)).isEqualTo("F0@6-7 B0@7-8 W0@8-9");
    assertThat(timeline.makespan()).isEqualTo(15);
  }

  @Test
  void aDelegatedLinkLetsItsSenderComputeOn() {
    Timeline timeline = ScheduleSimulation.run(ZeroBubble.onePart(2, 2), two(2, Link.delegated(5)));
    assertThat(words(timeline, 0)).isEqualTo("F0@0-1 F1@1-2 B0@13-14 W0@14-15 B1@15-16 W1@16-17");
    assertThat(words(timeline, 1)).isEqualTo("F0@6-7 B0@7-8 F1@8-9 B1@9-10 W0@10-11 W1@11-12");
  }

  /**
   * The second forward, the weight gradients and the next forward of stage 1 all wait for sends.
   */
  @Test
  void aBlockingLinkHoldsUpWhatIsBehindTheSend() {
    Timeline timeline = ScheduleSimulation.run(ZeroBubble.onePart(2, 2), two(2, Link.blocking(5)));
    assertThat(words(timeline, 0)).isEqualTo("F0@0-1 F1@6-7 B0@13-14 W0@14-15 B1@20-21 W1@21-22");
    assertThat(words(timeline, 1)).isEqualTo("F0@6-7 B0@7-8 F1@13-14 B1@14-15 W0@20-21 W1@21-22");
  }

  @Test
  void onlySendersOnTheSlowLinkAreHeldUp() {
    PipelineShape shape =
        PipelineShape.uniform(3, 2, ONES).withLink(1, Link.blocking(5)).withLink(0, Link.HEALTHY);
    Timeline timeline = ScheduleSimulation.run(ZeroBubble.onePart(3, 2), shape);
    assertThat(words(timeline, 0)).startsWith("F0@0-1 F1@1-2");
    assertThat(words(timeline, 1)).startsWith("F0@1-2 F1@7-8");
  }

  @Test
  void bothGradientsInOneOperationKeepTheStageBeforeWaiting() {
    Timeline timeline =
        ScheduleSimulation.run(OneForwardOneBackward.schedule(2, 1), two(1, Link.HEALTHY));
    assertThat(words(timeline, 0)).isEqualTo("F0@0-1 BW0@4-6");
    assertThat(words(timeline, 1)).isEqualTo("F0@1-2 BW0@2-4");
  }

  /** In a loop, the way from the last stage to the first is no link; in a V there is none. */
  @Test
  void chunksTakeTheirPartOfTheTime() {
    PipelineShape shape =
        new PipelineShape(
            1, List.of(StageCost.of(4, 4, 2), StageCost.of(4, 4, 2)), List.of(Link.delegated(3)));
    Timeline loop = ScheduleSimulation.run(Interleaved.schedule(2, 1, 2), shape);
    assertThat(words(loop, 0)).isEqualTo("F0@0-2 F0.1@7-9 BW0.1@20-23 BW0@29-32");
    Timeline vee = ScheduleSimulation.run(ZeroBubble.vee(2, 1), shape);
    assertThat(words(vee, 0))
        .isEqualTo("F0@0-2 F0.1@12-14 B0.1@14-16 W0.1@16-17 B0@27-29 W0@29-30");
  }

  @Test
  void figuresOfATimeline() {
    Timeline timeline =
        ScheduleSimulation.run(OneForwardOneBackward.schedule(2, 3), two(3, Link.HEALTHY));
    assertThat(timeline.makespan()).isEqualTo(12);
    assertThat(timeline.span(1)).isEqualTo(9);
    assertThat(timeline.busy(0)).isEqualTo(9);
    assertThat(timeline.bubbleRatio()).isEqualTo(.25);
    assertThat(timeline.idleRatio()).isEqualTo(.25);
    assertThat(timeline.peakActivations(0)).isEqualTo(2);
    assertThat(timeline.peakActivations(1)).isEqualTo(1);
  }

  @Test
  void delayedMessagesAreNamed() {
    Timeline timeline = ScheduleSimulation.run(ZeroBubble.onePart(2, 1), two(1, Link.blocking(5)));
    assertThat(timeline.delayedMessages())
        .containsExactly(
            new Timeline.Message(Kind.FORWARD, 0, 1, 1, 6, true),
            new Timeline.Message(Kind.INPUT_GRADIENT, 1, 0, 8, 13, true));
  }

  @Test
  void refusesAScheduleOfAnotherSize() {
    assertThatThrownBy(() -> ScheduleSimulation.run(ZeroBubble.onePart(3, 2), two(1, Link.HEALTHY)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the schedule is for 3 stages and 2 microbatches, the pipeline has 2 and 1");
  }
}
