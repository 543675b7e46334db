package dev.fresco.training;

import dev.fresco.platform.RunningService;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs for Fresco's runtime that cannot be run. */
class SetupTest {
  private static final String LORA =
      """
      {"kind": "lora", "model": "emoji", "iterations": 5, "publish": {"adapter": "fox"},
       "setup": {"data": "DATA", "lora": {"rank": 4, "width": 128, "height": 128}}}
      """;

  @TempDir static Path folder;
  private static RunningService service;
  private static String data;

  @BeforeAll
  static void start() {
    service = RunningJobs.start(folder);
    data = RunningJobs.text(service);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        row("\"data\": \"DATA\"", "\"data\": \"data_x\"", "setup.data are no training data"),
        row("\"data\": \"DATA\"", "\"data\": null", "setup.data is missing"),
        row("\"stages\": 2", "\"stages\": 5", "setup.sizes", "stages"),
        row("\"heads\": 2", "\"heads\": 3", "setup.sizes", "heads"),
        row("\"heads\": 2", "\"heads\": 0", "setup.sizes.heads is 0"),
        row("\"heads\": 2,", "", "setup.sizes.heads is missing"),
        row("\"positions\": 8", "\"positions\": null", "setup.sizes.positions is missing"),
        row("\"positions\": 8", "\"positions\": 1e9", "setup.sizes.positions"),
        row("0.003", "0", "setup.optimizer.learningRate", "above 0"),
        row("0.003", "1e999", "setup.optimizer.learningRate"),
        row("0.003", "0.1, \"beta1\": 1", "setup.optimizer.beta1"),
        row("\"rows\": 2", "\"rows\": 0", "setup.rows"),
        row("\"seed\": 7", "\"seed\": 1.5", "setup.seed", "whole"),
        row("\"checkpointEvery\": 10", "\"checkpointEvery\": 0", "setup.checkpointEvery"),
        row("\"rows\"", "\"lora\": {\"rank\": 4}, \"rows\"", "setup.lora is not for jobs"),
        row("\"rows\"", "\"slowLinks\": [{}], \"rows\"", "slowLinks[0].host is missing"),
        row(
            "\"rows\"",
            "\"slowLinks\": [{\"host\": 0, \"otherHost\": 2, \"delayMillis\": 1}], \"rows\"",
            "slowLinks[0].otherHost is 2"),
        row(
            "\"setup\"",
            "\"publish\": {\"adapter\": \"x\"}, \"setup\"",
            "publish.model is missing; publish.adapter is for jobs of kind lora"),
        row(
            "\"setup\"",
            "\"publish\": {\"model\": \"../x\"}, \"setup\"",
            "publish.model must begin with a small letter or digit"),
        row("language-model", "external", "setup is for jobs that Fresco runs"),
        row("language-model", "diffusion-transformer", "setup.sizes.latents is missing"),
        row("language-model", "lora", "setup.lora is missing", "stages and replicas"),
        lora("\"rank\": 4", "\"rank\": 0", "setup.lora.rank is 0"),
        lora("\"rank\": 4", "\"rank\": 4, \"alpha\": -1", "setup.lora.alpha"),
        lora("\"emoji\"", "\"../emoji\"", "model is no model", "emoji"),
        lora("\"fox\"", "\" \"", "publish.adapter is blank"),
        lora("\"fox\"", "\"fox\"", "setup.data are text; jobs of kind lora"));
  }

  private static Arguments row(String from, String to, String... said) {
    return Arguments.of(from + " → " + to, RunningJobs.job("DATA", 10).replace(from, to), said);
  }

  private static Arguments lora(String from, String to, String... said) {
    return Arguments.of("lora: " + from + " → " + to, LORA.replace(from, to), said);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void aJobThatCannotBeRunIsRefused(String what, String job, String[] said) {
    service
        .postJson(TrainingJobsApiTest.PATH, job.replace("DATA", data))
        .isProblem(422, "invalid_request", said);
  }
}
