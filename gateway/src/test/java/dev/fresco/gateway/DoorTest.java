package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What else the gateway shows: models, its own description, health, the page, other services. */
class DoorTest extends GatewayTest {

  @Test
  void modelsAndLimitsAreShown() {
    JsonNode models = caller.get("/v1/models").json();
    assertThat(models.at("/items/0/id").asString()).isEqualTo("emoji");
    assertThat(caller.get("/v1/models/emoji").json()).isEqualTo(models.at("/items/0"));
    JsonNode capabilities = caller.get("/v1/capabilities").json();
    assertThat(capabilities.at("/kinds/0").asString()).isEqualTo("text-to-image");
    assertThat(capabilities.at("/defaultModel").asString()).isEqualTo("emoji");
    assertThat(capabilities.at("/models/0/sizeMultiple").intValue()).isEqualTo(32);
    assertThat(capabilities.at("/limits/maxSteps/value").intValue()).isEqualTo(150);
    assertThat(capabilities.at("/limits/maxSteps/setting").asString())
        .isEqualTo("fresco.limits.max-steps");
  }

  @Test
  void theDescriptionCoversEveryCallAndItsProblems() {
    JsonNode api = caller.get("/v3/api-docs").json();
    assertThat(api.get("paths").propertyNames())
        .contains(
            "/v1/jobs",
            "/v1/jobs/{id}",
            "/v1/jobs/{id}/events",
            "/v1/jobs/{id}/images/{n}",
            "/v1/jobs/{id}/previews/{image}",
            "/v1/models",
            "/v1/capabilities");
    JsonNode post = api.at("/paths/~1v1~1jobs/post");
    assertThat(post.get("summary").asString()).isNotBlank();
    assertThat(post.get("responses").propertyNames())
        .contains("202", "400", "409", "413", "415", "422", "503");
    JsonNode body = post.at("/requestBody/content/application~1json");
    assertThat(body.at("/examples").toString()).contains("a fox on a white background");
    assertThat(body.at("/schema/$ref").asString()).isEqualTo("#/components/schemas/JobForm");
    assertThat(api.at("/components/schemas/JobForm/properties").propertyNames())
        .contains("prompt", "steps", "seed");
    assertThat(api.at("/components/schemas/Problem/properties").propertyNames())
        .contains("code", "detail", "errors");
    assertThat(api.at("/components/schemas").properties())
        .allSatisfy(
            schema ->
                assertThat(schema.getValue().get("properties")).as(schema.getKey()).isNotEmpty());
    assertThat(api.at("/paths/~1v1~1jobs~1{id}/get/responses/200/content").toString())
        .contains("#/components/schemas/Job\"");
    assertThat(api.at("/paths/~1v1~1jobs~1{id}/get/responses/304").has("content")).isFalse();
    JsonNode fieldError = api.at("/components/schemas/FieldError/properties");
    assertThat(fieldError.get("value").has("type")).isFalse();
    assertThat(fieldError.get("limit").has("type")).isFalse();
    assertThat(caller.get("/swagger-ui.html").header("Location"))
        .endsWith("/swagger-ui/index.html");
    assertThat(caller.get("/swagger-ui/index.html").status()).isEqualTo(200);
  }

  @Test
  void theDescriptionCoversWhatIsPassedOn() {
    JsonNode paths = caller.get("/v3/api-docs").json().get("paths");
    for (String things : List.of("templates", "loras", "controlnets", "training-jobs")) {
      JsonNode all = paths.get("/v1/" + things);
      assertThat(all.propertyNames()).as(things).containsExactlyInAnyOrder("get", "post");
      JsonNode one = paths.get("/v1/" + things + "/{id}");
      assertThat(one.propertyNames()).as(things).containsExactlyInAnyOrder("get", "delete");
      assertThat(one.at("/get/parameters/0/name").asString()).isEqualTo("id");
      assertThat(one.at("/delete/responses/default/content").toString()).contains("Problem");
    }
    assertThat(
            paths
                .at("/~1v1~1loras/post/requestBody/content/multipart~1form-data/schema/properties")
                .propertyNames())
        .contains("file", "name", "baseModel");
  }

  @Test
  void readinessLooksAtKafkaAndHealthAtBoth() {
    Caller.Answer ready = caller.get("/actuator/health/readiness");
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.json().get("components").propertyNames())
        .contains("kafka")
        .doesNotContain("redis");
    assertThat(caller.get("/actuator/health").json().get("components").propertyNames())
        .contains("kafka", "redis");
    Caller.Answer alive = caller.get("/actuator/health/liveness");
    assertThat(alive.text("/status")).isEqualTo("UP");
    assertThat(alive.toString()).doesNotContain("kafka", "redis");
  }

  @Test
  void metersAreCounted() {
    caller.acceptedJob();
    caller.postJob("{}");
    String metrics = new String(caller.get("/actuator/prometheus").bytes());
    assertThat(metrics)
        .contains("fresco_gateway_jobs_accepted_total{")
        .contains("kind=\"text-to-image\"")
        .contains("fresco_gateway_jobs_rejected_total{")
        .contains("code=\"invalid_request\"")
        .contains("fresco_gateway_streams_open{");
  }

  @Test
  void otherServicesAreReachedThroughTheDoor() {
    byte[] upload = new byte[3 << 20];
    Arrays.fill(upload, (byte) 7);
    Caller.Answer posted =
        caller.send(
            caller
                .to("/v1/loras?draft=true")
                .header("Content-Type", "multipart/form-data; boundary=x")
                .POST(BodyPublishers.ofByteArray(upload)));
    assertThat(posted.status()).isEqualTo(201);
    assertThat(posted.bytes()).isEqualTo(upload);
    assertThat(posted.header("X-Called")).isEqualTo("POST /v1/loras?draft=true");
    assertThat(posted.header("Content-Type")).isEqualTo("multipart/form-data; boundary=x");
    Caller.Answer deleted = caller.delete("/v1/controlnets/sketch%20one");
    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.header("X-Called")).isEqualTo("DELETE /v1/controlnets/sketch%20one");
  }

  @Test
  void nobodyPassesForAnotherTenant() {
    Caller.Answer answer =
        caller.send(caller.to("/v1/loras").header("X-Fresco-Tenant", "somebody-else").GET());
    assertThat(answer.header("X-Tenants")).isEqualTo("[default]");
  }

  @Test
  void aServiceThatIsAwayIsNamed() {
    Caller.Answer answer = caller.get("/v1/templates/tpl_1");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.text("/code")).isEqualTo("unavailable");
    assertThat(answer.text("/detail")).isEqualTo("cache-service cannot be reached");
    assertThat(answer.header("Retry-After")).isNotNull();
  }

  @Test
  void onlyWhatBelongsToAServiceIsPassedOn() throws IOException {
    for (String path :
        new String[] {
          "/v1/loras/../../actuator/env",
          "/v1/loras/%2e%2E/x",
          "/v1/loras/..;a=b/x",
          "/v1/loras/./x"
        }) {
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket.setSoTimeout(10_000);
        String head = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        String answer =
            new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertThat(answer).as(path).startsWith("HTTP/1.1 4").doesNotContain("X-Called");
      }
    }
  }

  @Test
  void thePageNeedsNothingFromElsewhere() {
    Caller.Answer page = caller.get("/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).startsWith("text/html");
    for (String file : List.of("/studio.css", "/studio.js", "/studio-api.js", "/icon.svg")) {
      Caller.Answer part = caller.get(file);
      assertThat(part.status()).as(file).isEqualTo(200);
      assertThat(part.toString().replace("http://www.w3.org/2000/svg", ""))
          .as(file)
          .doesNotContain("http://", "https://");
    }
    assertThat(page.toString())
        .doesNotContain("http://", "https://")
        .contains("<html lang=", "aria-live", "for=\"prompt\"", "id=\"prompt\"");
  }
}
