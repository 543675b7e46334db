package dev.fresco.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import dev.fresco.platform.catalogue.CatalogueConfiguration;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

class TrainingJobsApiTest {
  static final String PATH = "/v1/training-jobs";
  static final String JOB =
      """
      {"name": "nightly", "model": "emoji", "stages": 4, "microbatches": 16, "iterations": 1000,
       "labels": {"team": "ads"}}
      """;

  @TempDir static Path objects;
  private static RunningService service;

  @BeforeAll
  static void start() {
    service = RunningService.start(TrainingApplication.class, "training-service", objects);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void aJobIsCreatedShownAndStoppedOnce() {
    RunningService ada = service.as("life");
    Answer created = ada.postJson(PATH, JOB).hasStatus(201);
    String place = created.header("Location");
    assertThat(place).matches(PATH + "/trn_[0-9A-HJKMNP-TV-Z]{26}");
    assertThat(created.field("state")).isEqualTo("CREATED");
    assertThat(created.json().has("stoppedAt")).isFalse();
    assertThat(created.text()).doesNotContain("tenant");
    assertThat(created.json().at("/labels/team").asString()).isEqualTo("ads");
    assertThat(ada.get(place).hasStatus(200).json()).isEqualTo(created.json());

    Answer stopped = ada.delete(place).hasStatus(202);
    assertThat(stopped.field("state")).isEqualTo("STOPPED");
    assertThat(stopped.json().has("stoppedAt")).isTrue();
    assertThat(ada.delete(place).hasStatus(200).json()).isEqualTo(stopped.json());
    assertThat(ada.get(place).hasStatus(200).json()).isEqualTo(stopped.json());
  }

  @Test
  void aJobIsStoppedOnceByManyCallsAtOnce() {
    String place = service.as("crowd").postJson(PATH, JOB).header("Location");
    List<CompletableFuture<Answer>> calls =
        IntStream.range(0, 6)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> service.as("crowd").delete(place)))
            .toList();
    assertThat(calls.stream().map(CompletableFuture::join).map(Answer::status))
        .containsExactlyInAnyOrder(202, 200, 200, 200, 200, 200);
  }

  /** Or a job may appear whose creation was answered with a 503 that says to repeat the call. */
  @Test
  void aCallWaitsUntilTheProducersWordIsFinal() {
    Map<String, Object> producer = service.bean(KafkaProperties.class).buildProducerProperties();
    long block = millis(producer, ProducerConfig.MAX_BLOCK_MS_CONFIG);
    long delivery = millis(producer, ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG);
    assertThat(service.bean(CatalogueConfiguration.Settings.class).publishLimit())
        .isGreaterThan(Duration.ofMillis(block + delivery));
  }

  private static long millis(Map<String, Object> settings, String name) {
    return Long.parseLong(settings.get(name).toString());
  }

  @Test
  void tenantsDoNotSeeEachOthersJobs() {
    String place = service.as("ada").postJson(PATH, JOB).header("Location");
    service.as("bob").get(place).isProblem(404, "not_found", "training job");
    service.as("bob").delete(place).isProblem(404, "not_found");
    assertThat(service.as("bob").get(PATH).json().get("items")).isEmpty();
  }

  @Test
  void theListIsReadPageByPageLatestFirstAndByState() {
    RunningService ada = service.as("pages");
    List<String> created = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      created.add(0, ada.postJson(PATH, JOB).hasStatus(201).field("id"));
    }
    ada.delete(PATH + "/" + created.get(1)).hasStatus(202);
    ada.delete(PATH + "/" + created.get(3)).hasStatus(202);
    assertThat(all(ada, "")).isEqualTo(created);
    assertThat(all(ada, "&state=STOPPED")).containsExactly(created.get(1), created.get(3));
    assertThat(all(ada, "&state=CREATED"))
        .containsExactly(created.get(0), created.get(2), created.get(4));
  }

  private static List<String> all(RunningService service, String filter) {
    List<String> ids = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      Answer page = service.get(PATH + "?limit=2" + filter + cursor).hasStatus(200);
      page.json().get("items").forEach(item -> ids.add(item.get("id").asString()));
      boolean ended = page.json().get("nextCursor").isNull();
      cursor = ended ? null : "&cursor=" + page.field("nextCursor");
    }
    return ids;
  }

  static Stream<Arguments> refusals() {
    String invalid = "invalid_request";
    String malformed = "malformed_request";
    String labels =
        IntStream.range(0, 33)
            .mapToObj(i -> "\"l" + i + "\": \"\"")
            .collect(Collectors.joining(","));
    return Stream.of(
        changed("\"stages\": 4", "\"stages\": 0", 422, invalid, "stages is 0", "at least 1"),
        changed("\"stages\": 4", "\"stages\": 65", 422, invalid, "65", "64", "max-stages"),
        changed("\"stages\": 4", "\"stages\": 1.5", 422, invalid, "stages is 1.5", "whole"),
        changed("\"stages\": 4", "\"stages\": \"four\"", 422, invalid, "stages", "\"number\""),
        changed("\"stages\": 4", "\"stages\": \"4\"", 422, invalid, "stages", "wrong type"),
        changed("\"stages\": 4", "\"stages\": true", 422, invalid, "stages", "wrong type"),
        changed("\"stages\": 4", "\"stages\": [4]", 422, invalid, "stages"),
        changed("\"stages\": 4", "\"stages\": null", 422, invalid, "stages is missing"),
        changed("\"stages\": 4", "\"stages\": 1e999999", 422, invalid, "max-stages"),
        changed("\"stages\": 4,", "", 422, invalid, "stages is missing"),
        changed("16", "4097", 422, invalid, "microbatches", "4096", "max-microbatches"),
        changed(
            "4, \"microbatches\": 16",
            "64, \"microbatches\": 513",
            422,
            invalid,
            "32832",
            "32768",
            "max-stage-microbatches"),
        changed("1000", "1000000001", 422, invalid, "iterations", "max-iterations"),
        changed("1000", "99999999999999999999", 422, invalid, "iterations", "1000000000"),
        changed("1000", "-1", 422, invalid, "iterations is -1"),
        changed("\"emoji\"", "null", 422, invalid, "model is missing"),
        changed("\"emoji\"", "\" \"", 422, invalid, "model is blank"),
        changed("\"emoji\"", "7", 422, invalid, "model"),
        changed("nightly", "n".repeat(201), 422, invalid, "name is longer than 200"),
        changed("\"team\": \"ads\"", labels, 422, invalid, "labels are 33", "max-training-labels"),
        changed("\"ads\"", "null", 422, invalid, "labels.team is missing"),
        changed("{\"team\": \"ads\"}", "[]", 422, invalid, "labels", "\"object\""),
        changed("\"emoji\"", "\"m\", \"replicas\": 65", 422, invalid, "65", "64", "max-replicas"),
        changed("\"emoji\"", "\"m\", \"replicas\": 0", 422, invalid, "replicas is 0"),
        changed("\"emoji\"", "\"m\", \"kind\": \"gan\"", 422, invalid, "kind", "external"),
        changed("\"emoji\"", "\"m\", \"schedule\": \"2f2b\"", 422, invalid, "adaptive", "1f1b"),
        changed("\"emoji\"", "\"m\", \"maxActivations\": 0", 422, invalid, "maxActivations"),
        changed("\"name\"", "\"nome\"", 422, invalid, "nome", "known field", "microbatches"),
        changed("{\"name\"", "{\"name", 400, malformed, "JSON"),
        changed(JOB, "", 400, malformed, "body"),
        changed(JOB, "null", 400, malformed, "body"),
        changed(JOB, "[]", 422, invalid, "body"),
        changed(JOB, " ".repeat(1 << 17), 413, "payload_too_large", "max-request-bytes"),
        row("text", PATH, body("POST", "text/plain", JOB), 415, "unsupported_media_type"),
        row("PUT", PATH, body("PUT", "application/json", JOB), 405, "method_not_allowed"),
        row("state", PATH + "?state=PAUSED", get(), 422, invalid, "state", "PAUSED", "\"CREATED\""),
        row("limit", PATH + "?limit=0", get(), 422, invalid, "limit", "100"),
        row("cursor", PATH + "?cursor=zz", get(), 422, invalid, "cursor"),
        row("unknown id", PATH + "/trn_0", get(), 404, "not_found", "trn_0"),
        row("stop unknown", PATH + "/trn_0", request -> request.DELETE(), 404, "not_found"));
  }

  private static UnaryOperator<HttpRequest.Builder> get() {
    return request -> request.GET();
  }

  private static UnaryOperator<HttpRequest.Builder> body(String method, String type, String body) {
    return request ->
        request.header("Content-Type", type).method(method, BodyPublishers.ofString(body));
  }

  /** The good job with one thing wrong. */
  private static Arguments changed(
      String from, String to, int status, String code, String... said) {
    String what = to.substring(0, Math.min(30, to.length()));
    var call = body("POST", "application/json", JOB.replace(from, to));
    return row(what, PATH, call, status, code, said);
  }

  private static Arguments row(
      String what,
      String path,
      UnaryOperator<HttpRequest.Builder> call,
      int status,
      String code,
      String... said) {
    return Arguments.of(what, path, call, status, code, said);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void aWrongCallIsRefusedAndChangesNothing(
      String what,
      String path,
      UnaryOperator<HttpRequest.Builder> call,
      int status,
      String code,
      String[] said) {
    RunningService nobody = service.as("refused");
    nobody.send(call.apply(nobody.request(path))).isProblem(status, code, said);
    assertThat(nobody.get(PATH).json().get("items")).isEmpty();
  }

  @Test
  void oneAnswerNamesEverythingThatIsWrong() {
    Answer answer = service.postJson(PATH, "{\"stages\": 0, \"microbatches\": 5000}");
    answer.isProblem(422, "invalid_request");
    assertThat(answer.json().get("errors").findValuesAsString("field"))
        .containsExactly("model", "stages", "microbatches", "iterations");
  }
}
