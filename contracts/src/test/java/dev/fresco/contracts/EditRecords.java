package dev.fresco.contracts;

import static dev.fresco.contracts.GoldenRecordsTest.JOB;
import static dev.fresco.contracts.GoldenRecordsTest.NOW;

import dev.fresco.contracts.job.EditMask;
import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobEvent.JobExecution;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.contracts.job.Priority;
import dev.fresco.contracts.job.ShownRequest;
import dev.fresco.contracts.job.StartImage;
import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.contracts.worker.WorkerStatus;
import java.util.List;
import java.util.Map;

/** Records of edits and recordings, and with what these added to others. */
final class EditRecords {
  private static final String RECORDING = "rec_fedcba98765432100123456789abcdef";

  private EditRecords() {}

  static void addTo(Map<String, Object> records) {
    StoredObject drawn = new StoredObject("inputs/" + JOB + "/mask.png", "cd".repeat(32), 99);
    EditMask mask = new EditMask(new JobImage(drawn, "image/png", 128, 160, null), 0.125);
    JobRequest edit = request(JobKind.EDIT, 0.9, 42, mask);
    JobRequest recording = request(JobKind.RECORDING, 1, 0, null);
    records.put("job-requested-edit.v1", new JobRequested(JOB, "acme", NOW, edit, null));
    records.put("job-requested-recording.v1", new JobRequested(JOB, "acme", NOW, recording, null));
    records.put(
        "job-assigned-edit.v1",
        new JobAssigned(JOB, "acme", "worker-0", NOW, NOW.plusMillis(5), edit));
    records.put("shown-request-edit.v1", ShownRequest.of(edit));
    records.put("shown-request-recording.v1", ShownRequest.of(recording));
    JobExecution masked = new JobExecution("worker-0", 6.5, "masked", null, RECORDING, true);
    records.put("job-event-succeeded.v2", succeeded(List.of(image()), masked));
    JobExecution dense =
        new JobExecution("worker-0", 6.5, "dense", "nothing was recorded yet", RECORDING, false);
    records.put("job-event-succeeded-dense-edit.v1", succeeded(List.of(image()), dense));
    JobExecution recorded = new JobExecution("worker-0", 1, "dense", null, RECORDING, null);
    records.put("job-event-succeeded-recording.v1", succeeded(List.of(), recorded));
    records.put("worker-status.v3", status());
    records.put("recording-key.v1", recordingKey());
  }

  static RecordingKey recordingKey() {
    return new RecordingKey(
        "0123456789abcdef",
        "ef".repeat(32),
        128,
        160,
        "ddim",
        20,
        true,
        List.of("ab".repeat(32) + "*0.8"));
  }

  private static JobRequest request(JobKind kind, double strength, long seed, EditMask mask) {
    StoredObject template = new StoredObject("templates/tpl_ab", "ef".repeat(32), 12345);
    JobImage image = new JobImage(template, "image/png", 128, 160, "tpl_ab");
    return new JobRequest(
        kind,
        "emoji",
        "a fox on a white background",
        "",
        128,
        160,
        20,
        5,
        "ddim",
        seed,
        1,
        Priority.NORMAL,
        null,
        Map.of(),
        null,
        new StartImage(image, strength),
        mask,
        List.of(),
        List.of());
  }

  private static JobEvent.ImageResult image() {
    return new JobEvent.ImageResult(
        0, 42, 128, 160, "image/png", "cd".repeat(32), "results/" + JOB + "/0.png");
  }

  private static JobEvent succeeded(List<JobEvent.ImageResult> images, JobExecution execution) {
    return new JobEvent.Succeeded(
        JOB, NOW, images, new JobEvent.JobTimings(5, 20, 900, 30), execution, List.of());
  }

  private static WorkerStatus status() {
    return new WorkerStatus(
        "worker-0",
        NOW,
        List.of(),
        List.of("denoise"),
        8,
        4,
        List.of(new WorkerStatus.Member(JOB, 0, 3, 20, 0.125)),
        List.of(new WorkerStatus.Waiting(JOB, 1, 20, 0.25)),
        List.of(0, 1),
        31.5,
        false,
        List.of(RECORDING));
  }
}
