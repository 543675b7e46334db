package dev.fresco.training;

import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A trainer that is none of Fresco's, as far as the service sees it: it posts what its iterations
 * took, with 10 ms an operation and 6 ms a message, but for the links that are slow.
 */
final class ExternalTrainer {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private final RunningService service;
  private final String place;
  private final int stages;
  private final int microbatches;
  private final Random random = new Random(1);
  private final double[] extraMillis;
  private long iteration;

  /** Registers a job of one replica. */
  ExternalTrainer(RunningService service, int stages, int microbatches, int iterations) {
    this.service = service;
    this.stages = stages;
    this.microbatches = microbatches;
    extraMillis = new double[stages - 1];
    String job =
        """
        {"name": "from outside", "model": "gpt", "stages": %d, "microbatches": %d, "iterations": %d}
        """
            .formatted(stages, microbatches, iterations);
    place = service.postJson(TrainingJobsApiTest.PATH, job).hasStatus(201).header("Location");
  }

  /** Goes on with a job after the service was started anew. */
  private ExternalTrainer(ExternalTrainer before, RunningService service) {
    this.service = service;
    place = before.place;
    stages = before.stages;
    microbatches = before.microbatches;
    extraMillis = before.extraMillis;
    iteration = before.iteration;
  }

  ExternalTrainer with(RunningService other) {
    return new ExternalTrainer(this, other);
  }

  String place() {
    return place;
  }

  void slowLink(int before, double millis) {
    extraMillis[before] = millis;
  }

  /** Runs iterations; each is one call with the reports of all stages. */
  void run(int iterations) {
    for (int i = 0; i < iterations; i++) {
      service.postJson(place + "/telemetry", reports(iteration++)).hasStatus(202);
    }
  }

  Answer post(String reports) {
    return service.postJson(place + "/telemetry", reports);
  }

  String reports(long ofIteration) {
    return IntStream.range(0, stages)
        .mapToObj(stage -> report(ofIteration, stage))
        .collect(Collectors.joining(",", "{\"reports\":[", "]}"));
  }

  private String report(long ofIteration, int stage) {
    String loss = stage == stages - 1 ? "\"loss\": 2.5," : "";
    StringBuilder messages = new StringBuilder();
    if (stage < stages - 1) {
      messages.append(message("activation", stage + 1, stage));
    }
    if (stage > 0) {
      messages
          .append(messages.isEmpty() ? "" : ",")
          .append(message("gradient", stage - 1, stage - 1));
    }
    return """
        {"at": "%s", "iteration": %d, "stage": %d, "iterationMillis": 500, %s
         "operations": [{"kind": "F", "millis": %s}, {"kind": "B", "millis": %s},
                        {"kind": "W", "millis": %s}],
         "messages": [%s]}"""
        .formatted(
            START.plusSeconds(ofIteration),
            ofIteration,
            stage,
            loss,
            times(10),
            times(10),
            times(10),
            messages);
  }

  private String message(String kind, int to, int link) {
    return "{\"kind\": \"%s\", \"toStage\": %d, \"millis\": %s}"
        .formatted(kind, to, times(6 + extraMillis[link]));
  }

  private String times(double millis) {
    double[] times = new double[microbatches];
    Arrays.setAll(times, i -> millis * Math.exp(.03 * random.nextGaussian()));
    return Arrays.toString(times);
  }
}
