package dev.fresco.contracts;

import static dev.fresco.contracts.GoldenRecordsTest.NOW;

import dev.fresco.contracts.training.TrainingDelay;
import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingKind;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.contracts.training.TrainingProgress;
import dev.fresco.contracts.training.TrainingSchedule;
import dev.fresco.contracts.training.TrainingSetup;
import dev.fresco.contracts.training.TrainingStatus;
import dev.fresco.contracts.training.TrainingTelemetry;
import java.util.List;
import java.util.Map;

/** Records of training. */
final class TrainingRecords {
  private static final String JOB = "trn_01";

  private TrainingRecords() {}

  static void addTo(Map<String, Object> records) {
    records.put("training-created.v2", new TrainingEvent.Created(JOB, NOW, job()));
    records.put("training-started.v1", new TrainingEvent.Started(JOB, NOW));
    records.put("training-progressed.v1", new TrainingEvent.Progressed(JOB, NOW, progress()));
    records.put(
        "training-planned.v1", new TrainingEvent.Planned(JOB, NOW, 3, 120, "link 0 is slow"));
    TrainingDelay delay =
        new TrainingDelay("link 0", "send_activation", NOW.minusSeconds(4), null, 12, 42.5);
    TrainingDelay over =
        new TrainingDelay("link 0", "send_activation", NOW.minusSeconds(4), NOW, 12, 42.5);
    records.put("training-degraded.v1", new TrainingEvent.Degraded(JOB, NOW, delay));
    records.put("training-healed.v1", new TrainingEvent.Healed(JOB, NOW, over));
    records.put("training-silent.v1", new TrainingEvent.Silent(JOB, NOW, 0, 2, 17));
    records.put(
        "training-sampled.v1",
        new TrainingEvent.Sampled(JOB, NOW, 6, "a fox", "training/trn_01/6.png"));
    records.put("training-restarted.v1", new TrainingEvent.Restarted(JOB, NOW, "stage 1 died"));
    records.put("training-checkpointed.v1", new TrainingEvent.Checkpointed(JOB, NOW, 100));
    records.put("training-stop-requested.v1", new TrainingEvent.StopRequested(JOB, NOW));
    records.put("training-succeeded.v1", new TrainingEvent.Succeeded(JOB, NOW, "lora_ab"));
    records.put(
        "training-failed.v1",
        new TrainingEvent.Failed(JOB, NOW, ErrorCode.NOT_FINITE, "the loss is NaN"));
    records.put("training-resumed.v1", new TrainingEvent.Resumed(JOB, NOW));
    records.put("training-plan.v1", plan(delay));
    records.put("training-telemetry.v1", telemetry());
  }

  private static TrainingJob job() {
    TrainingStatus status =
        new TrainingStatus(
            NOW.minusSeconds(60),
            NOW,
            progress(),
            100L,
            new TrainingStatus.Failure(ErrorCode.NOT_FINITE, "the loss is NaN"),
            "lora_ab",
            "training/trn_01/6.png");
    return new TrainingJob(
        JOB,
        "acme",
        "night run",
        "gpt",
        4,
        12,
        1000,
        Map.of("team", "ads"),
        TrainingJob.State.FAILED,
        NOW,
        null,
        TrainingKind.LANGUAGE_MODEL,
        2,
        TrainingSchedule.ZERO_BUBBLE_1P,
        8,
        status,
        setup());
  }

  private static TrainingSetup setup() {
    return new TrainingSetup(
        "data_ab",
        new TrainingSetup.ModelSizes(
            64, 4, 256, 8, 128, new TrainingSetup.Latents(4, 16, 16, 2, 10)),
        new TrainingSetup.Lora(8, 16, 128, 128, "a fox"),
        new TrainingSetup.Optimizer(1e-3, .9, .95, 1e-8, .01, 1.0),
        4,
        7,
        50,
        List.of(new TrainingSetup.SlowLink(0, 1, 30, 100, 200L)),
        new TrainingSetup.Publish("fox", null));
  }

  private static TrainingProgress progress() {
    return new TrainingProgress(118, 2.75, 640.5, .125);
  }

  private static TrainingPlan plan(TrainingDelay delay) {
    return new TrainingPlan(
        JOB,
        NOW,
        3,
        120,
        "adapted",
        List.of("F0 F1 B0 W0 B1 W1", "F0 B0 W0 F1 B1 W1"),
        List.of(4),
        List.of(delay),
        List.of(0, 2, 1, 3),
        "link 0 is slow");
  }

  private static TrainingTelemetry telemetry() {
    return new TrainingTelemetry(
        JOB,
        NOW,
        118,
        0,
        1,
        640.5,
        2.75,
        List.of(
            new TrainingTelemetry.Operations(TrainingTelemetry.Kind.F, List.of(10.5, 10.25)),
            new TrainingTelemetry.Operations(TrainingTelemetry.Kind.BW, List.of(20.0, 21.0))),
        List.of(
            new TrainingTelemetry.Messages(
                TrainingTelemetry.MessageKind.ALL_REDUCE, 1, 1, List.of(3.5))));
  }
}
