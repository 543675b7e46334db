package dev.fresco.contracts;

import static dev.fresco.contracts.GoldenRecordsTest.JOB;
import static dev.fresco.contracts.GoldenRecordsTest.NOW;

import dev.fresco.contracts.adapter.Adapter;
import dev.fresco.contracts.adapter.AdapterEvent;
import dev.fresco.contracts.job.ControlNetUse;
import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.contracts.job.LongPrompts;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.contracts.job.Priority;
import dev.fresco.contracts.job.PromptOptions;
import dev.fresco.contracts.job.StartImage;
import dev.fresco.contracts.worker.ModelAbilities;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.contracts.worker.WorkerStatus;
import java.util.List;
import java.util.Map;

/** Records with what their second version added. */
final class SecondVersions {
  private SecondVersions() {}

  static void addTo(Map<String, Object> records) {
    records.put("job-requested.v2", new JobRequested(JOB, "acme", NOW, request(), null));
    records.put(
        "job-assigned.v2",
        new JobAssigned(JOB, "acme", "worker-0", NOW, NOW.plusMillis(5), request()));
    records.put(
        "job-event-started.v2",
        new JobEvent.Started(JOB, NOW, "worker-0", List.of("the prompt was cut")));
    records.put("worker-status.v2", status());
    StoredObject config = stored("adapters/cnet_ab.json", 412);
    Adapter controlNet =
        new Adapter(
            "cnet_ab",
            Adapter.Kind.CONTROLNET,
            "acme",
            "sketch",
            "controlnet",
            "emoji",
            List.of(),
            List.of("unet"),
            13,
            98765,
            "ab".repeat(32),
            "adapters/cnet_ab",
            NOW,
            "stable-diffusion",
            config);
    records.put("adapter-registered.v2", new AdapterEvent.Registered("cnet_ab", NOW, controlNet));
  }

  private static JobRequest request() {
    StoredObject sent = stored("inputs/" + JOB + "/image.png", 4321);
    StoredObject shelf = stored("templates/tpl_ab", 12345);
    return new JobRequest(
        JobKind.IMAGE_TO_IMAGE,
        "portrait-xl",
        "a fox on a white background",
        "a robot",
        128,
        160,
        20,
        4.5,
        "dpmpp-2m",
        4294967301L,
        2,
        Priority.HIGH,
        null,
        Map.of(),
        new PromptOptions("oil on canvas", "a photograph", 1, LongPrompts.CHUNKS),
        new StartImage(new JobImage(sent, "image/png", 128, 160, null), 0.8),
        null,
        List.of(new LoraUse("lora_ab", -0.5, stored("adapters/lora_ab", 98765))),
        List.of(
            new ControlNetUse(
                "cnet_ab",
                new JobImage(shelf, "image/jpeg", 128, 160, "tpl_ab"),
                1.5,
                0.1,
                0.9,
                stored("adapters/cnet_ab", 98765),
                stored("adapters/cnet_ab.json", 412))));
  }

  private static StoredObject stored(String key, long bytes) {
    return new StoredObject(key, "ef".repeat(32), bytes);
  }

  private static WorkerStatus status() {
    ModelAbilities abilities =
        new ModelAbilities(
            List.of(JobKind.TEXT_TO_IMAGE, JobKind.IMAGE_TO_IMAGE),
            ModelAbilities.Guidance.CLASSIFIER_FREE,
            true,
            true,
            4,
            true,
            true);
    ModelCard card =
        new ModelCard(
            "portrait-xl",
            "stable-diffusion-xl",
            "0123456789abcdef",
            32,
            32,
            1024,
            128,
            128,
            77,
            List.of("ddim", "euler"),
            "ddim",
            20,
            150,
            5.0,
            30.0,
            abilities);
    return new WorkerStatus(
        "worker-0",
        NOW,
        List.of(card),
        List.of("denoise"),
        8,
        4,
        List.of(),
        List.of(),
        List.of(0, 1),
        31.5,
        false,
        List.of());
  }
}
