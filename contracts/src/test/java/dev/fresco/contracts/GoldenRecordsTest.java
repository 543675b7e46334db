package dev.fresco.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.adapter.Adapter;
import dev.fresco.contracts.adapter.AdapterEvent;
import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobCancelRequested;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.contracts.job.Priority;
import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.contracts.template.Template;
import dev.fresco.contracts.template.TemplateEvent;
import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.contracts.worker.WorkerStatus;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What travels is written down: a record that a service of this version sends must look like its
 * newest golden file, and the golden file of every version must still be read. A new field needs a
 * new file ({@code .v2.json}, {@code .v3.json}) beside the old one, which stays.
 */
class GoldenRecordsTest {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  static final String JOB = "job_01J0000000000000000000000A";

  static Stream<Arguments> records() {
    return all().entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  /** Those that no newer version has taken the place of. */
  static Stream<Arguments> newestRecords() {
    Map<String, Object> records = all();
    return records.entrySet().stream()
        .filter(e -> !records.containsKey(nextVersion(e.getKey())))
        .map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  private static String nextVersion(String name) {
    int number = name.lastIndexOf(".v") + ".v".length();
    return name.substring(0, number) + (Integer.parseInt(name.substring(number)) + 1);
  }

  private static Map<String, Object> all() {
    Map<String, Object> records = new LinkedHashMap<>();
    jobs(records);
    events(records);
    others(records);
    SecondVersions.addTo(records);
    EditRecords.addTo(records);
    TrainingRecords.addTo(records);
    return records;
  }

  private static void jobs(Map<String, Object> records) {
    JobRequest request =
        new JobRequest(
            JobKind.TEXT_TO_IMAGE,
            "emoji",
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
            NOW.plusSeconds(60),
            Map.of("team", "ads"));
    var idempotency = new JobRequested.Idempotency("7f1c", "ab".repeat(32));
    records.put("job-requested.v1", new JobRequested(JOB, "acme", NOW, request, idempotency));
    records.put(
        "job-assigned.v1",
        new JobAssigned(JOB, "acme", "worker-0", NOW, NOW.plusMillis(5), request));
    records.put("job-cancel-requested.v1", new JobCancelRequested(JOB, NOW));
  }

  private static void events(Map<String, Object> records) {
    records.put("job-event-queued.v1", new JobEvent.Queued(JOB, NOW));
    records.put("job-event-assigned.v1", new JobEvent.Assigned(JOB, NOW, "worker-0"));
    records.put("job-event-started.v1", new JobEvent.Started(JOB, NOW, "worker-0"));
    var preview = new JobEvent.Preview(0, 3, "previews/" + JOB + "/0.png");
    records.put("job-event-step.v1", new JobEvent.Step(JOB, NOW, 3, 40, preview));
    var image =
        new JobEvent.ImageResult(
            0, 42, 128, 160, "image/png", "cd".repeat(32), "results/" + JOB + "/0.png");
    records.put(
        "job-event-succeeded.v1",
        new JobEvent.Succeeded(
            JOB,
            NOW,
            List.of(image),
            new JobEvent.JobTimings(5, 20, 900, 30),
            new JobEvent.JobExecution("worker-0", 6.5, "dense"),
            List.of("the prompt was cut")));
    records.put(
        "job-event-failed.v1", new JobEvent.Failed(JOB, NOW, ErrorCode.ENGINE_FAILURE, "no room"));
    records.put("job-event-cancelled.v1", new JobEvent.Cancelled(JOB, NOW, 7));
    records.put("job-event-expired.v1", new JobEvent.Expired(JOB, NOW));
  }

  private static void others(Map<String, Object> records) {
    ModelCard card =
        new ModelCard(
            "emoji",
            "stable-diffusion",
            "0123456789abcdef",
            32,
            32,
            1024,
            128,
            128,
            32,
            List.of("ddim", "euler"),
            "ddim",
            20,
            150,
            5.0,
            30.0);
    records.put(
        "worker-status.v1",
        new WorkerStatus(
            "worker-0",
            NOW,
            List.of(card),
            List.of("denoise"),
            8,
            4,
            List.of(new WorkerStatus.Member(JOB, 0, 3, 20, 1.0)),
            List.of(new WorkerStatus.Waiting(JOB, 1, 20, 1.0)),
            List.of(0, 1),
            31.5,
            false,
            List.of()));
    Template template =
        new Template(
            "tpl_ab",
            "acme",
            "shelf",
            640,
            480,
            "image/png",
            12345,
            "ab".repeat(32),
            "templates/tpl_ab",
            NOW);
    records.put("template-registered.v1", new TemplateEvent.Registered("tpl_ab", NOW, template));
    records.put("template-deleted.v1", new TemplateEvent.Deleted("tpl_ab", NOW));
    recordings(records);
    Adapter adapter =
        new Adapter(
            "lora_ab",
            Adapter.Kind.LORA,
            "acme",
            "flat style",
            "peft",
            "emoji",
            List.of(4, 8),
            List.of("unet"),
            12,
            98765,
            "ab".repeat(32),
            "adapters/lora_ab",
            NOW,
            null,
            null);
    records.put("adapter-registered.v1", new AdapterEvent.Registered("lora_ab", NOW, adapter));
    records.put("adapter-deleted.v1", new AdapterEvent.Deleted("lora_ab", NOW));
    TrainingJob training =
        new TrainingJob(
            "trn_01",
            "acme",
            "night run",
            "gpt",
            4,
            12,
            1000,
            Map.of(),
            TrainingJob.State.CREATED,
            NOW,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    records.put("training-created.v1", new TrainingEvent.Created("trn_01", NOW, training));
    records.put("training-stopped.v1", new TrainingEvent.Stopped("trn_01", NOW));
  }

  private static void recordings(Map<String, Object> records) {
    RecordingKey key =
        new RecordingKey(
            "0123456789abcdef",
            "ab".repeat(32),
            128,
            160,
            "ddim",
            20,
            true,
            List.of("cd".repeat(32) + "*0.5"));
    records.put(
        "template-recorded.v1",
        new TemplateEvent.Recorded("tpl_ab", NOW, key.id(), key, 3_221_225_472L));
    records.put(
        "template-evicted.v1",
        new TemplateEvent.Evicted(null, NOW, key.id(), TemplateEvent.Reason.ROOM));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("newestRecords")
  void aRecordIsWrittenAsItsNewestGoldenFile(String name, Object record) throws IOException {
    assertThat(JSON.readTree(JSON.writeValueAsString(record))).isEqualTo(golden(name));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("records")
  void aRecordOfAnyVersionIsRead(String name, Object record) throws IOException {
    assertThat(JSON.treeToValue(golden(name), type(record))).isEqualTo(record);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("records")
  void aFieldOfALaterVersionIsPassedOver(String name, Object record) throws IOException {
    ObjectNode later = (ObjectNode) golden(name);
    later.put("addedLater", 1);
    assertThat(JSON.treeToValue(later, type(record))).isEqualTo(record);
  }

  /** Events are read by the type of their topic. */
  private static Class<?> type(Object record) {
    return Stream.of(JobEvent.class, TemplateEvent.class, AdapterEvent.class, TrainingEvent.class)
        .filter(type -> type.isInstance(record))
        .findFirst()
        .<Class<?>>map(type -> type)
        .orElse(record.getClass());
  }

  private static JsonNode golden(String name) throws IOException {
    try (InputStream file =
        GoldenRecordsTest.class.getResourceAsStream("/golden/" + name + ".json")) {
      assertThat(file).as("golden file of %s", name).isNotNull();
      return JSON.readTree(file);
    }
  }
}
