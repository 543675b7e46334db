package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Following a job by server-sent events; the limit is for a stream that does not end. */
@Timeout(60)
class JobStreamTest extends GatewayTest {

  /** Reads one stream. */
  private static final class Follower implements AutoCloseable {
    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    Follower(HttpResponse<InputStream> response) {
      this.response = response;
      this.lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /** The fields of the next event, or null at the end. */
    Map<String, String> next() throws IOException {
      Map<String, String> event = new LinkedHashMap<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isEmpty() && !event.isEmpty()) {
          return event;
        }
        int colon = line.indexOf(':');
        if (colon > 0) {
          event.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
      }
      return null;
    }

    List<Map<String, String>> rest() throws IOException {
      List<Map<String, String>> events = new ArrayList<>();
      for (Map<String, String> event = next(); event != null; event = next()) {
        events.add(event);
      }
      return events;
    }

    String line() throws IOException {
      return lines.readLine();
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }

  private Follower follow(String id) {
    return new Follower(caller.open(caller.to("/v1/jobs/" + id + "/events")));
  }

  private Follower followAfter(String id, String lastEventId) {
    return new Follower(
        caller.open(caller.to("/v1/jobs/" + id + "/events").header("Last-Event-ID", lastEventId)));
  }

  @Test
  void aJobIsFollowedLiveToItsEnd() throws IOException {
    String id = caller.acceptedJob();
    try (Follower follower = follow(id)) {
      assertThat(follower.response.statusCode()).isEqualTo(200);
      assertThat(follower.response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/event-stream");
      backstage.started(id);
      Map<String, String> started = follower.next();
      assertThat(started).containsEntry("event", "state").containsKey("id");
      assertThat(started.get("data")).contains("\"state\":\"RUNNING\"").contains(id);
      backstage.stepWithPreview(id, 4, "previews/" + id + "/0.png");
      Map<String, String> step = follower.next();
      assertThat(step)
          .containsEntry("event", "step")
          .containsEntry(
              "data",
              "{\"stepsDone\":4,\"stepsTotal\":20,\"preview\":\"/v1/jobs/"
                  + id
                  + "/previews/0?step=4\"}");
      backstage.succeeded(id, "ab12");
      Map<String, String> ended = follower.next();
      assertThat(ended.get("data"))
          .contains("\"state\":\"SUCCEEDED\"")
          .contains("/v1/jobs/" + id + "/images/0");
      assertThat(follower.next()).isNull();
      assertThat(List.of(number(started), number(step), number(ended))).isSorted();
    }
  }

  private static long number(Map<String, String> event) {
    return Long.parseLong(event.get("id").replace("-0", ""));
  }

  @Test
  void anEndedJobIsToldAgainFromAnywhere() throws IOException {
    String id = endedJob();
    List<Map<String, String>> all;
    try (Follower follower = follow(id)) {
      all = follower.rest();
    }
    assertThat(all).hasSize(4);
    try (Follower follower = followAfter(id, all.get(1).get("id"))) {
      assertThat(follower.rest()).isEqualTo(all.subList(2, 4));
    }
    try (Follower follower = followAfter(id, all.get(3).get("id"))) {
      assertThat(follower.response.statusCode()).isEqualTo(204);
    }
  }

  @Test
  void aStreamBeyondTheEndEndsWithTheJob() throws IOException {
    String id = caller.acceptedJob();
    try (Follower follower = followAfter(id, "999999999-0")) {
      assertThat(follower.response.statusCode()).isEqualTo(200);
      backstage.started(id);
      backstage.succeeded(id, "ab12");
      assertThat(follower.rest()).isEmpty();
    }
  }

  @Test
  void theProgressOfAJobThatRunsAgainDoesNotGoBack() throws IOException {
    String id = caller.acceptedJob();
    backstage.started(id);
    backstage.step(id, 12);
    backstage.assigned(id);
    backstage.started(id);
    backstage.step(id, 1);
    backstage.step(id, 13);
    backstage.succeeded(id, "ab12");
    try (Follower follower = follow(id)) {
      assertThat(follower.rest().stream().filter(event -> event.get("event").equals("step")))
          .extracting(event -> event.get("data"))
          .containsExactly(
              "{\"stepsDone\":12,\"stepsTotal\":20}",
              "{\"stepsDone\":12,\"stepsTotal\":20}",
              "{\"stepsDone\":13,\"stepsTotal\":20}");
    }
  }

  private String endedJob() {
    String id = caller.acceptedJob();
    backstage.started(id);
    backstage.step(id, 10);
    backstage.step(id, 20);
    backstage.succeeded(id, "ab12");
    awaitState(id, "SUCCEEDED");
    return id;
  }

  @Test
  void aStrangeLastEventIdIsMalformed() {
    String id = caller.acceptedJob();
    for (String strange : new String[] {"x", "-1", "1-", "99999999999999999999999", "0-0 or 1"}) {
      Caller.Answer answer =
          caller.send(caller.to("/v1/jobs/" + id + "/events").header("Last-Event-ID", strange));
      assertThat(answer.status()).as(strange).isEqualTo(400);
      assertThat(answer.text("/errors/0/field")).isEqualTo("Last-Event-ID");
    }
  }

  @Test
  void errorsAreProblemDocumentsEvenForThoseWhoWantEvents() {
    Caller.Answer answer =
        caller.send(
            caller
                .to("/v1/jobs/job_01K2C3D4E5F6G7H8J9KAMBNCPD/events")
                .header("Accept", "text/event-stream"));
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text("/code")).isEqualTo("not_found");
  }

  @Test
  void aQuietStreamHasAPulse() throws IOException {
    String id = caller.acceptedJob();
    try (Follower follower = follow(id)) {
      assertThat(follower.line()).isEqualTo(":");
      assertThat(follower.line()).isEmpty();
      assertThat(follower.line()).isEqualTo(":");
    }
  }

  @Test
  void placesAreLimitedAndGivenBackWhenClientsVanish() throws IOException {
    String id = caller.acceptedJob();
    await().atMost(PATIENCE).until(() -> openStreams() == 0);
    List<Follower> followers = new ArrayList<>();
    for (int n = 0; n < 20; n++) {
      followers.add(follow(id));
    }
    assertThat(openStreams()).isEqualTo(20);
    Caller.Answer refused = caller.get("/v1/jobs/" + id + "/events");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.text("/detail")).contains("fresco.limits.max-streams");
    assertThat(refused.header("Retry-After")).isNotNull();
    for (Follower follower : followers) {
      follower.close();
    }
    await().atMost(PATIENCE).until(() -> openStreams() == 0);
  }

  private double openStreams() {
    return caller
        .get("/actuator/metrics/fresco.gateway.streams.open")
        .json()
        .at("/measurements/0/value")
        .doubleValue();
  }
}
