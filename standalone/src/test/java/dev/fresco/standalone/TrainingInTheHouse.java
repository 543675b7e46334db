package dev.fresco.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A training job through the gateway, begun in one process and ended in the next. */
final class TrainingInTheHouse {
  private static final int ITERATIONS = 300;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String JOBS = "/v1/training-jobs";

  private final String place;

  private TrainingInTheHouse(String place) {
    this.place = place;
  }

  /** Creates a job, which is slow enough not to end before the process does. */
  static TrainingInTheHouse begin(FrescoProcess fresco) throws Exception {
    String text = "the pipeline waits for a slow link. ".repeat(100);
    HttpResponse<String> data = fresco.postText("/v1/training-data", text);
    assertThat(data.statusCode()).as(data.body()).isEqualTo(201);
    String id = new JsonMapper().readTree(data.body()).get("id").stringValue();
    String job =
        """
        {"kind": "language-model", "model": "words", "stages": 2, "microbatches": 4,
         "iterations": %d,
         "setup": {"data": "%s", "rows": 2, "checkpointEvery": 5,
           "slowLinks": [{"host": 0, "otherHost": 1, "delayMillis": 20}],
           "sizes": {"channels": 8, "heads": 2, "layers": 4, "positions": 8}}}
        """
            .formatted(ITERATIONS, id);
    HttpResponse<String> created = fresco.post(JOBS, job);
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    return new TrainingInTheHouse(created.headers().firstValue("Location").orElseThrow());
  }

  /** Waits until it would not begin anew. */
  void awaitCheckpoint(FrescoProcess fresco) throws Exception {
    await(fresco, "checkpoint");
  }

  /** Waits for its end, and looks whether the process before had a part in it. */
  void awaitEnd(FrescoProcess fresco) throws Exception {
    JsonNode job = await(fresco, "endedAt");
    assertThat(job.get("state").stringValue()).as(job.toString()).isEqualTo("SUCCEEDED");
    assertThat(job.at("/progress/iterationsDone").intValue()).isEqualTo(ITERATIONS);
    String events = new String(fresco.bytes(place + "/events"), StandardCharsets.UTF_8);
    assertThat(events.split("event: started", -1)).hasSizeGreaterThan(2);
    assertThat(events).contains("event: succeeded");
  }

  private JsonNode await(FrescoProcess fresco, String field)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      JsonNode job = fresco.get(place);
      if (job.has(field)) {
        return job;
      }
      Thread.sleep(200);
    }
    throw new AssertionError(place + " has no " + field + ": " + fresco.get(place));
  }
}
