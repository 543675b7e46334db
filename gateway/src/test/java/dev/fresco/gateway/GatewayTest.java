package dev.fresco.gateway;

import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.embedded.TestBackends;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * A gateway on a random port with a real Kafka and Redis; the tests play the caller, the router and
 * the worker. All test classes share one gateway.
 */
@SpringBootTest(
    classes = GatewayApplication.class,
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      GatewayApplication.CONFIG_NAME,
      "fresco.limits.max-streams=20",
      "fresco.limits.max-forwarded-streams=5",
      "fresco.limits.max-labels=3",
      "fresco.limits.max-body=2MB",
      "fresco.limits.max-image-bytes=200KB",
      "fresco.limits.max-image-pixels=300000",
      "fresco.gateway.default-model=emoji",
      "fresco.gateway.heartbeat=200ms",
      "fresco.services.answer-limit=2s",
      "fresco.services.cache=http://127.0.0.1:1"
    })
abstract class GatewayTest {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  /** The id of no job. */
  static final String NO_JOB = "job_01K2C3D4E5F6G7H8J9KAMBNCPD";

  @LocalServerPort int port;
  @Autowired StringRedisTemplate redis;
  @Autowired KafkaTemplate<String, String> kafka;
  @Autowired EventCodec codec;
  @Autowired ObjectStore objects;

  /** The caller's side. */
  Caller caller;

  /** The router's and the workers' side. */
  Backstage backstage;

  /** The other services' side. */
  Shelf shelf;

  @DynamicPropertySource
  static void backends(DynamicPropertyRegistry properties) throws IOException {
    properties.add("spring.kafka.bootstrap-servers", TestBackends::kafka);
    properties.add("spring.data.redis.host", TestBackends::redisHost);
    properties.add("spring.data.redis.port", TestBackends::redisPort);
    String objects = Files.createTempDirectory("fresco-objects").toString();
    properties.add("fresco.objects.directory", () -> objects);
    properties.add("fresco.services.training", () -> "http://127.0.0.1:" + BreaksOff.PORT);
    properties.add("fresco.services.lora", () -> "http://127.0.0.1:" + PassedOnTo.PORT);
  }

  @BeforeEach
  void aWorkerHasAnnouncedItsModel() {
    caller = new Caller("http://127.0.0.1:" + port);
    backstage = new Backstage(kafka, codec);
    shelf = new Shelf(backstage);
    backstage.announce(Cards.EMOJI, Cards.PORTRAIT, Cards.QUICK, Cards.OLD);
    await().atMost(PATIENCE).until(() -> caller.get("/v1/models/zold").status() == 200);
    // Another test may have emptied Redis.
    await().atMost(PATIENCE).until(() -> caller.get("/v1/jobs/" + NO_JOB).status() == 404);
  }

  /** Waits until the gateway shows the job in this state. */
  Caller.Answer awaitState(String jobId, String state) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> caller.get("/v1/jobs/" + jobId),
            answer -> answer.status() == 200 && state.equals(answer.text("/state")));
  }

  /** What the gateway sent of a job. */
  JobRequest sent(String jobId) {
    String record = backstage.records(Topics.JOBS_REQUESTED, jobId).get(0).value();
    return codec.read(record, JobRequested.class).request();
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  long requestedSoFar() {
    return backstage.endOffset(Topics.JOBS_REQUESTED);
  }

  void emptyRedis() {
    redis.execute(
        (RedisCallback<Object>)
            connection -> {
              connection.serverCommands().flushAll();
              return null;
            });
  }
}
