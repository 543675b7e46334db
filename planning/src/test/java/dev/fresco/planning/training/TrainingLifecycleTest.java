package dev.fresco.planning.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingJob.State;
import dev.fresco.contracts.training.TrainingProgress;
import dev.fresco.contracts.training.TrainingStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrainingLifecycleTest {
  private static final Instant NOW = Jobs.START.plusSeconds(60);
  private static final TrainingDelay DELAY =
      new TrainingDelay("link 0", "send_gradient", NOW, null, 6, 36);
  private static final TrainingProgress PROGRESS = new TrainingProgress(7, 2.5, 400, .1);

  private static final List<TrainingEvent> EVENTS =
      List.of(
          new TrainingEvent.Created("trn_1", NOW, Jobs.adaptive(2, 4)),
          new TrainingEvent.Started("trn_1", NOW),
          new TrainingEvent.Progressed("trn_1", NOW, PROGRESS),
          new TrainingEvent.Planned("trn_1", NOW, 1, 20, "link 0 is slow"),
          new TrainingEvent.Degraded("trn_1", NOW, DELAY),
          new TrainingEvent.Healed("trn_1", NOW, DELAY),
          new TrainingEvent.Silent("trn_1", NOW, 0, 1, 5),
          new TrainingEvent.Checkpointed("trn_1", NOW, 6),
          new TrainingEvent.Sampled("trn_1", NOW, 6, "a fox", "training/trn_1/6.png"),
          new TrainingEvent.Restarted("trn_1", NOW, "stage 2 was killed"),
          new TrainingEvent.StopRequested("trn_1", NOW),
          new TrainingEvent.Stopped("trn_1", NOW),
          new TrainingEvent.Succeeded("trn_1", NOW, "lora_1"),
          new TrainingEvent.Failed("trn_1", NOW, ErrorCode.NOT_FINITE, "the loss is NaN"),
          new TrainingEvent.Resumed("trn_1", NOW));

  // A star stands for a job that stays in its state and is not the same; - for the same job.
  private static final String WALKED =
      """
      CREATED   Created - Started RUNNING Progressed - Planned - Degraded - Healed - Silent - Checkpointed - Sampled - Restarted - StopRequested STOPPING Stopped STOPPED Succeeded - Failed FAILED Resumed -
      RUNNING   Created - Started * Progressed * Planned - Degraded - Healed - Silent - Checkpointed * Sampled * Restarted - StopRequested STOPPING Stopped STOPPED Succeeded SUCCEEDED Failed FAILED Resumed -
      STOPPING  Created - Started - Progressed * Planned - Degraded - Healed - Silent - Checkpointed * Sampled * Restarted - StopRequested - Stopped STOPPED Succeeded SUCCEEDED Failed FAILED Resumed -
      STOPPED   Created - Started - Progressed - Planned - Degraded - Healed - Silent - Checkpointed - Sampled - Restarted - StopRequested - Stopped - Succeeded - Failed - Resumed CREATED
      SUCCEEDED Created - Started - Progressed - Planned - Degraded - Healed - Silent - Checkpointed - Sampled - Restarted - StopRequested - Stopped - Succeeded - Failed - Resumed -
      FAILED    Created - Started - Progressed - Planned - Degraded - Healed - Silent - Checkpointed - Sampled - Restarted - StopRequested - Stopped - Succeeded - Failed - Resumed CREATED
      """;

  @Test
  void everyTransitionIsWalked() {
    Map<State, String> expected = new TreeMap<>();
    WALKED
        .lines()
        .map(line -> line.split("\\s+", 2))
        .forEach(row -> expected.put(State.valueOf(row[0]), row[1]));
    Map<State, String> found = new TreeMap<>();
    for (State state : State.values()) {
      TrainingJob job = Jobs.adaptive(2, 4).at(state, TrainingStatus.NONE, null);
      found.put(
          state,
          String.join(
              " ",
              EVENTS.stream()
                  .map(event -> event.getClass().getSimpleName() + " " + what(job, event))
                  .toList()));
    }
    assertThat(found).isEqualTo(expected);
  }

  private static String what(TrainingJob job, TrainingEvent event) {
    TrainingJob after = TrainingLifecycle.after(job, event);
    if (after == job) {
      return "-";
    }
    return after.state() == job.state() ? "*" : after.state().name();
  }

  @Test
  void everyKindOfEventIsWalked() {
    assertThat(EVENTS.stream().map(Object::getClass))
        .containsExactlyInAnyOrder(TrainingEvent.class.getPermittedSubclasses());
  }

  @Test
  void newsThatComeAfterTheEndMeanNothing() {
    TrainingEvent late = new TrainingEvent.Checkpointed("job", Instant.EPOCH, 5);
    for (State state : State.values()) {
      assertThat(TrainingLifecycle.fits(state, late))
          .as("%s", state)
          .isEqualTo(state == State.RUNNING || state == State.STOPPING);
    }
  }

  @Test
  void aFailureIsKnownUntilTheJobGoesOn() {
    TrainingJob job = Jobs.adaptive(2, 4);
    for (int event : new int[] {1, 2, 7, 8, 13}) {
      job = TrainingLifecycle.after(job, EVENTS.get(event));
    }
    assertThat(job.status())
        .isEqualTo(
            new TrainingStatus(
                NOW,
                NOW,
                PROGRESS,
                6L,
                new TrainingStatus.Failure(ErrorCode.NOT_FINITE, "the loss is NaN"),
                null,
                "training/trn_1/6.png"));
    TrainingJob goesOn = TrainingLifecycle.after(job, EVENTS.get(14));
    assertThat(goesOn.status())
        .isEqualTo(new TrainingStatus(NOW, null, PROGRESS, 6L, null, null, "training/trn_1/6.png"));
  }

  @Test
  void onlyAStoppedJobHasATimeAtWhichItStopped() {
    TrainingJob stopped = TrainingLifecycle.after(Jobs.adaptive(2, 4), EVENTS.get(11));
    assertThat(stopped.stoppedAt()).isEqualTo(NOW);
    assertThat(TrainingLifecycle.after(stopped, EVENTS.get(14)).stoppedAt()).isNull();
  }
}
