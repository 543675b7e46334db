package dev.fresco.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.embedded.EmbeddedKafka;
import dev.fresco.embedded.FreePort;
import dev.fresco.platform.event.EventCodec;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The main job through every service with the demo model, with a kill in the middle. */
class WholeHouseTest {
  private static final List<String> SAMPLERS = List.of("ddim", "euler", "dpmpp-2m");

  @TempDir Path data;

  @Test
  void twentyJobsSurviveAKillAndEndOnceEach() throws Exception {
    List<String> jobs = new ArrayList<>();
    int port = FreePort.find();
    FrescoProcess first = FrescoProcess.start(data, port);
    TrainingInTheHouse training;
    try {
      training = TrainingInTheHouse.begin(first);
      for (int i = 0; i < 20; i++) {
        jobs.add(submit(first, "a cat on a blue background", 12 + i % 5, i));
      }
      awaitSomeDone(first, jobs, 3);
      training.awaitCheckpoint(first);
    } finally {
      first.kill();
    }
    try (FrescoProcess second = FrescoProcess.start(data, port)) {
      for (String job : jobs) {
        JsonNode view = awaitEnd(second, job);
        assertThat(view.get("state").stringValue()).as(view.toString()).isEqualTo("SUCCEEDED");
        String picture = view.get("images").get(0).get("url").stringValue();
        assertThat(ImageIO.read(new ByteArrayInputStream(second.bytes(picture)))).isNotNull();
      }
      training.awaitEnd(second);
      jobs.addAll(new EditsInTheHouse(second, data).run());
    }
    Map<String, Integer> ends = terminalEvents();
    assertThat(ends.keySet()).containsExactlyInAnyOrderElementsOf(jobs);
    assertThat(ends.values()).containsOnly(1);
  }

  @Test
  void aHundredMixedJobsAllEndInAFullBatch() throws Exception {
    try (FrescoProcess fresco = FrescoProcess.start(data, FreePort.find())) {
      List<String> jobs = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        jobs.add(submit(fresco, "a fox on a white background", 2 + i % 7, i));
      }
      double batchSizes = 0;
      for (String job : jobs) {
        JsonNode view = awaitEnd(fresco, job);
        assertThat(view.get("state").stringValue()).as(view.toString()).isEqualTo("SUCCEEDED");
        batchSizes += view.get("execution").get("meanBatchSize").doubleValue();
      }
      assertThat(batchSizes / jobs.size()).as("mean batch size of 8 slots").isGreaterThan(6);
    }
  }

  private static String submit(FrescoProcess fresco, String prompt, int steps, int index)
      throws Exception {
    String body =
        """
        {"kind": "text-to-image", "prompt": "%s", "steps": %d, "seed": %d, "sampler": "%s",
         "guidanceScale": %d, "width": %d}
        """
            .formatted(
                prompt,
                steps,
                index,
                SAMPLERS.get(index % 3),
                1 + index % 5,
                96 + 32 * (index % 2));
    HttpResponse<String> answer = fresco.post("/v1/jobs", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return answer.headers().firstValue("Location").orElseThrow().replaceAll(".*/", "");
  }

  private static JsonNode awaitEnd(FrescoProcess fresco, String job) throws Exception {
    for (int tries = 0; tries < 10; tries++) {
      JsonNode view = fresco.get("/v1/jobs/" + job + "?wait=20");
      if (!List.of("QUEUED", "ASSIGNED", "RUNNING").contains(view.get("state").stringValue())) {
        return view;
      }
    }
    throw new AssertionError(job + " did not end: " + fresco.get("/v1/jobs/" + job));
  }

  private static void awaitSomeDone(FrescoProcess fresco, List<String> jobs, int count)
      throws Exception {
    awaitEnd(fresco, jobs.get(0));
    while (fresco.get("/v1/jobs?state=SUCCEEDED&limit=100").get("items").size() < count) {
      Thread.onSpinWait();
    }
  }

  /** How many terminal events each job has in the log that the killed process left. */
  private Map<String, Integer> terminalEvents() {
    EventCodec codec = new EventCodec();
    Map<String, Integer> ends = new HashMap<>();
    try (EmbeddedKafka kafka =
            EmbeddedKafka.start(data.resolve("kafka"), FreePort.find(), FreePort.find());
        var consumer =
            new KafkaConsumer<>(
                Map.<String, Object>of(
                    "bootstrap.servers",
                    kafka.bootstrapServers(),
                    "isolation.level",
                    "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(Topics.JOBS_EVENTS).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < end.get(p))) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(
                record -> {
                  JobEvent event = codec.read(record.value(), JobEvent.class);
                  if (event.state().isTerminal()) {
                    ends.merge(event.jobId(), 1, Integer::sum);
                  }
                });
      }
    }
    return ends;
  }
}
