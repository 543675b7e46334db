package dev.fresco.planning.training;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingKind;
import dev.fresco.contracts.training.TrainingSchedule;
import java.time.Instant;
import java.util.Map;

/** Training jobs for tests. */
final class Jobs {
  static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private Jobs() {}

  static TrainingJob adaptive(int stages, int microbatches) {
    return of(stages, microbatches, 1, TrainingSchedule.ADAPTIVE, null);
  }

  static TrainingJob of(
      int stages,
      int microbatches,
      int replicas,
      TrainingSchedule schedule,
      Integer maxActivations) {
    return new TrainingJob(
        "trn_1",
        "acme",
        null,
        "gpt",
        stages,
        microbatches,
        1000,
        Map.of(),
        TrainingJob.State.CREATED,
        START,
        null,
        TrainingKind.EXTERNAL,
        replicas,
        schedule,
        maxActivations,
        null,
        null);
  }
}
