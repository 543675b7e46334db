package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobRequested;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/** One key, one job. */
class IdempotencyTest extends GatewayTest {
  @Autowired private KafkaListenerEndpointRegistry listeners;
  private final String key = UUID.randomUUID().toString();

  @Test
  void theSameRequestGetsTheSameJob() {
    Caller.Answer first = caller.send(caller.keyedJob(key, "{\"prompt\":\"a fox\",\"steps\":5}"));
    Caller.Answer again =
        caller.send(caller.keyedJob(key, "{ \"steps\": 5, \"prompt\": \"a fox\" }"));
    assertThat(first.status()).isEqualTo(202);
    assertThat(first.header("Idempotency-Replayed")).isNull();
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(again.json()).isEqualTo(first.json());
    assertThat(backstage.records(Topics.JOBS_REQUESTED, first.text("/id"))).hasSize(1);
  }

  @Test
  void anotherRequestIsRefused() {
    String id = caller.send(caller.keyedJob(key, "{\"prompt\":\"a fox\"}")).text("/id");
    long before = requestedSoFar();
    Caller.Answer other = caller.send(caller.keyedJob(key, "{\"prompt\":\"a cat\"}"));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.text("/code")).isEqualTo("idempotency_key_reused");
    assertThat(other.text("/detail")).contains(id);
    assertThat(requestedSoFar()).isEqualTo(before);
  }

  @Test
  void aRefusedRequestLeavesItsKeyFree() {
    assertThat(caller.send(caller.keyedJob(key, "{\"prompt\":\"\"}")).status()).isEqualTo(422);
    assertThat(caller.send(caller.keyedJob(key, "{\"prompt\":\"a fox\"}")).status()).isEqualTo(202);
  }

  @Test
  void equalRequestsAtOnceAreOneJob() {
    List<CompletableFuture<Caller.Answer>> calls =
        IntStream.range(0, 16)
            .mapToObj(n -> caller.sendLater(caller.keyedJob(key, "{\"prompt\":\"a fox\"}")))
            .toList();
    List<Caller.Answer> answers = calls.stream().map(CompletableFuture::join).toList();
    assertThat(answers).allMatch(answer -> answer.status() == 202);
    assertThat(answers.stream().map(answer -> answer.text("/id")).distinct()).hasSize(1);
    assertThat(answers.stream().map(answer -> answer.text("/request/seed")).distinct()).hasSize(1);
    assertThat(answers.stream().filter(answer -> answer.header("Idempotency-Replayed") == null))
        .hasSize(1);
    // Whoever came while the first was still being sent may have sent the same record again.
    List<String> sent =
        backstage.records(Topics.JOBS_REQUESTED, answers.get(0).text("/id")).stream()
            .map(read -> read.value())
            .distinct()
            .toList();
    assertThat(sent).hasSize(1);
  }

  /** The gateway died between taking the key and sending the job. */
  @Test
  void aKeyWhoseJobWasNeverSentSendsIt() {
    Caller.Answer first = caller.send(caller.keyedJob(key, "{\"prompt\":\"a fox\"}"));
    String reserved = redis.opsForValue().get("fresco:tenant:default:key:" + key);
    JobRequested job = codec.read(reserved, JobRequested.class);
    String unsent = "job_01K2C3D4E5F6G7H8J9" + key.substring(0, 8).toUpperCase();
    String unsentJob = reserved.replace(job.jobId(), unsent);
    redis.opsForValue().set("fresco:tenant:default:key:" + key, unsentJob);

    Caller.Answer again = caller.send(caller.keyedJob(key, "{\"prompt\":\"a fox\"}"));

    assertThat(again.status()).isEqualTo(202);
    assertThat(again.text("/id")).isEqualTo(unsent).isNotEqualTo(first.text("/id"));
    assertThat(backstage.records(Topics.JOBS_REQUESTED, unsent)).hasSize(1);
    assertThat(caller.get("/v1/jobs/" + unsent).status()).isEqualTo(200);
  }

  /** Until Redis knows all requests again, nobody can tell whether a key or an id is new. */
  @Test
  void whileRedisIsFilledAgainNoKeyIsTakenAndNoJobDenied() {
    String id = caller.send(caller.keyedJob(key, "{\"prompt\":\"a fox\"}")).text("/id");
    MessageListenerContainer projection = listeners.getListenerContainer("gateway-projection");
    projection.stop();
    try {
      emptyRedis();
      long before = requestedSoFar();
      Caller.Answer again = caller.send(caller.keyedJob(key, "{\"prompt\":\"a fox\"}"));
      assertThat(again.status()).isEqualTo(503);
      assertThat(again.text("/detail")).isEqualTo("the views are being rebuilt");
      assertThat(again.header("Retry-After")).isEqualTo("1");
      assertThat(caller.get("/v1/jobs/" + id).status()).isEqualTo(503);
      assertThat(requestedSoFar()).isEqualTo(before);
      assertThat(caller.postJob("{\"prompt\":\"a cat\"}").status()).isEqualTo(202);
    } finally {
      projection.start();
    }
    Caller.Answer replayed =
        await()
            .atMost(PATIENCE)
            .until(
                () -> caller.send(caller.keyedJob(key, "{\"prompt\":\"a fox\"}")),
                answer -> answer.status() == 202);
    assertThat(replayed.text("/id")).isEqualTo(id);
    assertThat(caller.get("/v1/jobs/" + NO_JOB).status()).isEqualTo(404);
  }

  @Test
  void aReplayShowsTheJobAsItIs() {
    String id = caller.send(caller.keyedJob(key, "{\"prompt\":\"a fox\"}")).text("/id");
    backstage.succeeded(id, "ab12");
    awaitState(id, "SUCCEEDED");
    Caller.Answer again = caller.send(caller.keyedJob(key, "{\"prompt\":\"a fox\"}"));
    assertThat(again.status()).isEqualTo(202);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.json()).isEqualTo(caller.get("/v1/jobs/" + id).json());
    assertThat(again.text("/state")).isEqualTo("SUCCEEDED");
  }

  @Test
  void aKeyOutlivesALostRedis() {
    String id = caller.send(caller.keyedJob(key, "{\"prompt\":\"a fox\"}")).text("/id");
    emptyRedis();
    await().atMost(PATIENCE).until(() -> redis.hasKey("fresco:tenant:default:key:" + key));
    Caller.Answer again = caller.send(caller.keyedJob(key, "{\"prompt\":\"a fox\"}"));
    assertThat(again.text("/id")).isEqualTo(id);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
  }
}
