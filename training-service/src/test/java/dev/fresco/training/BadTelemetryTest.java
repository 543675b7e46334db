package dev.fresco.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BadTelemetryTest {
  private static final String GOOD =
      """
      {"reports": [{"at": "2030-01-01T00:00:00Z", "iteration": 3, "stage": 0, "iterationMillis": 90,
        "operations": [{"kind": "F", "millis": [10, 10.5]}, {"kind": "BW", "millis": [20, 21]}],
        "messages": [{"kind": "activation", "toStage": 1, "millis": [5, 5]}]}]}
      """;

  @TempDir static Path objects;
  private static RunningService service;
  private static String place;

  @BeforeAll
  static void start() {
    service =
        RunningService.start(
            TrainingApplication.class,
            "training-service",
            objects,
            "fresco.limits.max-telemetry-bytes=128KB",
            "fresco.limits.max-reports=3");
    place =
        service
            .postJson(
                TrainingJobsApiTest.PATH,
                "{\"model\": \"gpt\", \"stages\": 2, \"microbatches\": 2, \"iterations\": 10}")
            .header("Location");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  static Stream<Arguments> refusals() {
    String invalid = "invalid_request";
    return Stream.of(
        row("\"stage\": 0", "\"stage\": 2", 422, invalid, "reports[0].stage is 2", "the job has 2"),
        row("\"stage\": 0", "\"stage\": -1", 422, invalid, "reports[0].stage"),
        row("\"stage\": 0,", "", 422, invalid, "reports[0].stage is missing"),
        row("\"stage\": 0", "\"stage\": \"0\"", 422, invalid, "reports[0].stage", "number"),
        row("\"stage\": 0", "\"stage\": 0, \"replica\": 1", 422, invalid, "reports[0].replica"),
        row("\"iteration\": 3", "\"iteration\": 10", 422, invalid, "reports[0].iteration", "9"),
        row("\"iteration\": 3", "\"iteration\": 1e30", 422, invalid, "iteration"),
        row("90", "1", 422, invalid, "iterationMillis", "less than"),
        row("90", "1e999", 422, invalid, "iterationMillis"),
        row("90", "NaN", 400, "malformed_request", "JSON"),
        row("\"stage\": 0", "\"stage\": 0.5", 422, invalid, "reports[0].stage", "whole"),
        row("[5, 5]", "[5, 5, 5]", 422, invalid, "messages[0].millis", "1 to 2"),
        row("[5, 5]", "[]", 422, invalid, "messages[0].millis", "1 to 2"),
        row("[10, 10.5]", "[10]", 422, invalid, "operations[0].millis", "must be 2"),
        row("[10, 10.5]", "[10, null]", 422, invalid, "operations[0].millis", "null"),
        row("[10, 10.5]", "null", 422, invalid, "operations[0].millis is missing"),
        row("[10, 10.5]", "[10, -1]", 422, invalid, "operations[0].millis[1]"),
        row("\"F\"", "\"G\"", 422, invalid, "operations[0].kind", "BW"),
        row("\"F\"", "\"W\"", 422, invalid, "operations"),
        row("\"toStage\": 1", "\"toStage\": 0", 422, invalid, "messages[0].toStage"),
        row("\"toStage\": 1", "\"toStage\": null", 422, invalid, "messages[0].toStage is missing"),
        row("activation", "news", 422, invalid, "messages[0].kind", "all-reduce"),
        row("2030-01-01T00:00:00Z", "yesterday", 422, invalid, "reports[0].at"),
        row("\"at\"", "\"when\"", 422, invalid, "when", "known field"),
        row(GOOD, "{}", 422, invalid, "reports is missing"),
        row(GOOD, "{\"reports\": []}", 422, invalid, "reports are 0"),
        row(GOOD, "{\"reports\": [null]}", 422, invalid, "reports[0] is missing"),
        row(GOOD, "{\"reports\": [{},{},{},{}]}", 422, invalid, "max-reports"),
        row(GOOD, "[]", 422, invalid, "body"),
        row(GOOD, "", 400, "malformed_request", "body"),
        row(GOOD, " ".repeat(1 << 18), 413, "payload_too_large", "max-telemetry-bytes"));
  }

  private static Arguments row(String from, String to, int status, String code, String... said) {
    String body = GOOD.replace(from, to);
    return Arguments.of(to.substring(0, Math.min(30, to.length())), body, status, code, said);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void whatCannotBeTrueIsRefused(String what, String body, int status, String code, String[] said) {
    service.postJson(place + "/telemetry", body).isProblem(status, code, said);
  }

  @Test
  void whatCanBeTrueIsTaken() {
    Answer answer = service.postJson(place + "/telemetry", GOOD).hasStatus(202);
    assertThat(answer.json().get("accepted").asInt()).isEqualTo(1);
    assertThat(answer.json().get("planNumber").asInt()).isZero();
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    service
        .postJson(
            place + "/telemetry",
            GOOD.replace("\"stage\": 0", "\"stage\": 7")
                .replace("\"iteration\": 3", "\"iteration\": 70"))
        .isProblem(422, "invalid_request", "reports[0].stage", "reports[0].iteration");
  }

  @Test
  void onlyOnesOwnJobTakesTelemetry() {
    service.as("bob").postJson(place + "/telemetry", GOOD).isProblem(404, "not_found");
    service.postJson("/v1/training-jobs/trn_0/telemetry", GOOD).isProblem(404, "not_found");
  }
}
