package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.gateway.view.JobIds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Range;
import org.springframework.kafka.support.SendResult;

/** What is in Redis follows from what is in Kafka, in whatever order and however often it comes. */
class ProjectionTest extends GatewayTest {
  @Autowired JobIds ids;

  private static JobRequested request(String id) {
    JobRequest request =
        new JobRequest(
            JobKind.TEXT_TO_IMAGE,
            "emoji",
            "a fox",
            "",
            128,
            128,
            20,
            5,
            "ddim",
            1,
            1,
            null,
            null,
            null);
    return new JobRequested(id, "default", Instant.now(), request, null);
  }

  @Test
  void eventsMayComeBeforeTheRequest() {
    String id = ids.next();
    backstage.started(id);
    backstage.step(id, 5);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Caller.Answer early = caller.get("/v1/jobs/" + id);
              assertThat(early.status()).isEqualTo(503);
              assertThat(early.text("/detail")).contains("being rebuilt");
              assertThat(early.header("Retry-After")).isEqualTo("1");
            });
    backstage.send(Topics.JOBS_REQUESTED, id, request(id));
    Caller.Answer whole = awaitState(id, "RUNNING");
    assertThat(whole.text("/request/prompt")).isEqualTo("a fox");
    assertThat(whole.text("/progress/stepsDone")).isEqualTo("5");
    assertThat(whole.text("/progress/stepsTotal")).isEqualTo("20");
    assertThat(caller.get("/v1/jobs?limit=1").text("/items/0/id")).isEqualTo(id);
  }

  @Test
  void theFirstEndingCounts() {
    String id = caller.acceptedJob();
    double ignored = ignored("FAILED");
    backstage.succeeded(id, "ab12");
    backstage.happened(new JobEvent.Failed(id, Instant.now(), ErrorCode.ENGINE_FAILURE, "late"));
    backstage.succeeded(id, "cd34");
    backstage.started(id);
    await().atMost(PATIENCE).until(() -> ignored("FAILED") == ignored + 1);
    Caller.Answer ended = awaitState(id, "SUCCEEDED");
    assertThat(ended.text("/images/0/sha256")).isEqualTo("ab12");
    assertThat(ended.text("/error")).isNull();
    assertThat(redis.opsForStream().size("fresco:job:" + id + ":events")).isEqualTo(1);
  }

  private double ignored(String state) {
    Caller.Answer meter =
        caller.get("/actuator/metrics/fresco.gateway.events.ignored?tag=state:" + state);
    return meter.status() == 404 ? 0 : meter.json().at("/measurements/0/value").doubleValue();
  }

  @Test
  void aJobThatRunsAgainDoesNotGoBack() {
    String id = caller.acceptedJob();
    backstage.started(id);
    backstage.step(id, 12);
    backstage.assigned(id);
    backstage.started(id);
    backstage.step(id, 1);
    backstage.step(id, 13);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              Caller.Answer seen = caller.get("/v1/jobs/" + id);
              int done = seen.json().at("/progress/stepsDone").intValue();
              assertThat(done).isIn(0, 12, 13);
              return done == 13;
            });
    assertThat(caller.get("/v1/jobs/" + id).text("/state")).isEqualTo("RUNNING");
  }

  @Test
  void anEmptiedRedisIsFilledAgainWhileTheGatewayRuns() {
    String ended = caller.acceptedJob();
    backstage.queued(ended);
    backstage.started(ended);
    backstage.step(ended, 20);
    backstage.succeeded(ended, "ab12");
    String waiting = caller.acceptedJob();
    backstage.queued(waiting);
    Caller.Answer before = awaitState(ended, "SUCCEEDED");
    List<String> streamBefore = stream(ended);
    assertThat(streamBefore).hasSize(4);

    emptyRedis();

    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              Caller.Answer after = caller.get("/v1/jobs/" + ended);
              assertThat(after.json()).isEqualTo(before.json());
              assertThat(stream(ended)).isEqualTo(streamBefore);
              assertThat(caller.get("/v1/jobs/" + waiting).text("/state")).isEqualTo("QUEUED");
            });
    String fresh = caller.acceptedJob();
    backstage.started(fresh);
    awaitState(fresh, "RUNNING");
  }

  /**
   * What comes in one poll with the first record after the loss must not stand for what was lost.
   */
  @Test
  void aBurstRightAfterTheLossHidesNothing() {
    List<String> old = new ArrayList<>();
    for (int n = 0; n < 12; n++) {
      String id = caller.acceptedJob();
      backstage.succeeded(id, "ab12");
      old.add(id);
    }
    old.forEach(id -> awaitState(id, "SUCCEEDED"));
    List<String> fresh = Stream.generate(caller::acceptedJob).limit(12).toList();

    emptyRedis();
    for (int step = 1; step <= 20; step++) {
      for (String id : fresh) {
        kafka.send(
            Topics.JOBS_EVENTS,
            id,
            codec.write(new JobEvent.Step(id, Instant.now(), step, 20, null)));
      }
    }
    kafka.flush();

    old.forEach(id -> awaitState(id, "SUCCEEDED"));
    for (String id : fresh) {
      await()
          .atMost(PATIENCE)
          .until(() -> "20".equals(caller.get("/v1/jobs/" + id).text("/progress/stepsDone")));
      assertThat(stream(id)).hasSize(20);
    }
  }

  /** More partitions than before: a job's later events have smaller offsets than its first. */
  @Test
  void followersSeeEveryEventOfAJobWhosePartitionChanged() {
    String id = caller.acceptedJob();
    long offset = sendTo(1, id, "{\"type\":\"dreamt\",\"jobId\":\"" + id + "\"}");
    while (sendTo(0, id, "{\"type\":\"dreamt\",\"jobId\":\"" + id + "\"}") < offset + 10) {}
    sendTo(0, id, codec.write(new JobEvent.Started(id, Instant.now(), "worker-1")));
    awaitState(id, "RUNNING");
    for (int done = 1; done <= 3; done++) {
      sendTo(1, id, codec.write(new JobEvent.Step(id, Instant.now(), done, 20, null)));
    }
    sendTo(1, id, codec.write(new JobEvent.Cancelled(id, Instant.now(), 3)));
    awaitState(id, "CANCELLED");
    assertThat(stream(id)).hasSize(5);
    String all = new String(caller.get("/v1/jobs/" + id + "/events").bytes());
    assertThat(all).contains("RUNNING", "\"stepsDone\":3", "CANCELLED");
  }

  private long sendTo(int partition, String key, String value) {
    return kafka
        .send(Topics.JOBS_EVENTS, partition, key, value)
        .join()
        .getRecordMetadata()
        .offset();
  }

  /** The offsets alone were lost: all is read again, on top of the streams that are there. */
  @Test
  void whatAStreamHoldsIsNotAddedAgain() {
    String id = caller.acceptedJob();
    backstage.started(id);
    backstage.step(id, 5);
    backstage.step(id, 6);
    await().atMost(PATIENCE).until(() -> stream(id).size() == 3);
    List<String> before = stream(id);
    redis.delete(redis.keys("fresco:projection:*"));
    // Each partition was read again once Redis knows of it again and no request is missing.
    await().atMost(PATIENCE).until(() -> caller.get("/v1/jobs/" + NO_JOB).status() == 404);
    backstage.step(id, 7);
    await().atMost(PATIENCE).until(() -> stream(id).stream().anyMatch(e -> e.contains(":7,")));
    assertThat(stream(id).subList(0, 3)).isEqualTo(before);
    assertThat(stream(id)).hasSize(4);
  }

  @Test
  void whatIsLeftOfAJobThatIsNoLongerKeptStaysAway() {
    String old = "job_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    redis.opsForZSet().add("fresco:jobs:queue", old, 1e12);
    SendResult<String, String> sent =
        kafka.send(Topics.JOBS_REQUESTED, old, codec.write(request(old))).join();
    String field = Topics.JOBS_REQUESTED + "-" + sent.getRecordMetadata().partition();
    await().atMost(PATIENCE).until(() -> nextOffset(field) > sent.getRecordMetadata().offset());
    assertThat(caller.get("/v1/jobs/" + old).status()).isEqualTo(404);
    caller.acceptedJob();
    assertThat(redis.opsForZSet().rank("fresco:jobs:queue", old)).isNull();
  }

  private long nextOffset(String field) {
    String key = redis.keys("fresco:projection:*").iterator().next();
    Object next = redis.opsForHash().get(key, field);
    return next == null ? -1 : Long.parseLong(next.toString());
  }

  /** Nobody can read it again and again, nor wait for it. */
  @Test
  void anUnreadableRecordAtTheEndDoesNotKeepTheViewsIncomplete() {
    kafka.send(Topics.JOBS_REQUESTED, NO_JOB, "not json").join();
    emptyRedis();
    assertThat(caller.get("/v1/jobs/" + NO_JOB).status()).isEqualTo(503);
    await().atMost(PATIENCE).until(() -> caller.get("/v1/jobs/" + NO_JOB).status() == 404);
  }

  @Test
  void theEventsOfAnEndedJobGoBeforeItsView() {
    String id = caller.acceptedJob();
    backstage.succeeded(id, "ab12");
    awaitState(id, "SUCCEEDED");
    assertThat(redis.getExpire("fresco:job:" + id + ":events")).isBetween(3000L, 3600L);
    assertThat(redis.getExpire("fresco:job:" + id)).isGreaterThan(86_400L);
  }

  private List<String> stream(String id) {
    return redis
        .<String, String>opsForStream()
        .range("fresco:job:" + id + ":events", Range.unbounded())
        .stream()
        .map(entry -> entry.getId().getValue() + entry.getValue().get("event"))
        .toList();
  }

  @Test
  void anUnreadableRecordHoldsUpNothing() {
    String id = caller.acceptedJob();
    long dead = backstage.endOffset(Topics.JOBS_EVENTS + Topics.DEAD_LETTER_SUFFIX);
    kafka.send(Topics.JOBS_EVENTS, id, "{\"type\":\"started\"}").join();
    kafka.send(Topics.JOBS_EVENTS, id, "not json").join();
    kafka.send(Topics.JOBS_EVENTS, id, "{\"type\":\"dreamt\",\"jobId\":\"" + id + "\"}").join();
    backstage.started(id);
    awaitState(id, "RUNNING");
    assertThat(backstage.endOffset(Topics.JOBS_EVENTS + Topics.DEAD_LETTER_SUFFIX))
        .isEqualTo(dead + 2);
  }
}
