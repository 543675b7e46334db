package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.embedded.EmbeddedKafka;
import dev.fresco.embedded.EmbeddedRedis;
import dev.fresco.embedded.FreePort;
import dev.fresco.platform.event.EventCodec;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.core.KafkaTemplate;

/** A gateway whose Redis and then Kafka go away. It has its own of both, to stop them. */
class OutageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final int redisPort = FreePort.find();
  private final int kafkaPort = FreePort.find();

  @TempDir Path folder;

  @Test
  @SuppressWarnings("unchecked")
  void whatCanBePromisedIsPromisedAndNothingElse() {
    EmbeddedRedis redis = startRedis();
    try (EmbeddedKafka kafka =
            EmbeddedKafka.start(folder.resolve("kafka"), kafkaPort, FreePort.find());
        ConfigurableApplicationContext gateway = gateway(kafka)) {
      Caller caller = new Caller(address(gateway));
      withoutModels(caller);
      new Backstage(gateway.getBean(KafkaTemplate.class), gateway.getBean(EventCodec.class))
          .announce(Cards.EMOJI);
      await().atMost(PATIENCE).until(() -> caller.get("/v1/models/emoji").status() == 200);

      redis.close();
      String accepted = withoutRedis(caller);
      redis = startRedis();
      await().atMost(PATIENCE).until(() -> caller.get("/v1/jobs/" + accepted).status() == 200);

      kafka.close();
      withoutKafka(caller);
    } finally {
      redis.close();
    }
  }

  private EmbeddedRedis startRedis() {
    return EmbeddedRedis.start(folder.resolve("redis"), redisPort);
  }

  private static String address(ConfigurableApplicationContext gateway) {
    return "http://127.0.0.1:" + gateway.getEnvironment().getProperty("local.server.port");
  }

  private static void withoutModels(Caller caller) {
    Caller.Answer unknown = caller.postJob("{\"prompt\":\"a fox\"}");
    assertThat(unknown.status()).isEqualTo(503);
    assertThat(unknown.text("/detail")).isEqualTo("no worker has announced a model yet");
    assertThat(unknown.header("Retry-After")).isNotNull();
  }

  private static String withoutRedis(Caller caller) {
    Caller.Answer answer = caller.postJob("{\"prompt\":\"a fox\"}");
    assertThat(answer.status()).as("Kafka has it: it is accepted").isEqualTo(202);
    Caller.Answer keyed = caller.send(caller.keyedJob("k", "{\"prompt\":\"a fox\"}"));
    assertThat(keyed.status()).as("a key cannot be kept now").isEqualTo(503);
    Caller.Answer view = caller.get("/v1/jobs/" + answer.text("/id"));
    assertThat(view.status()).isEqualTo(503);
    assertThat(view.text("/detail"))
        .isEqualTo("a backing service does not answer; the call may be repeated");
    assertThat(caller.get("/actuator/health").status()).isEqualTo(503);
    assertThat(caller.get("/actuator/health/readiness").status())
        .as("accepting needs Kafka alone")
        .isEqualTo(200);
    assertThat(caller.get("/actuator/health/liveness").status()).isEqualTo(200);
    return answer.text("/id");
  }

  private static void withoutKafka(Caller caller) {
    Caller.Answer refused = caller.postJob("{\"prompt\":\"a cat\"}");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.text("/code")).isEqualTo("unavailable");
    assertThat(refused.header("Retry-After")).isNotNull();
    Caller.Answer unread =
        caller.postJob("{\"prompt\":\"a cat\",\"loras\":[{\"id\":\"lora_new\"}]}");
    assertThat(unread.status()).as("nobody can tell whether there is such a LoRA").isEqualTo(503);
    assertThat(unread.text("/detail")).contains("fresco.adapters.events");
    assertThat(caller.get("/actuator/health/readiness").status()).isEqualTo(503);
    assertThat(caller.get("/actuator/health/liveness").status()).isEqualTo(200);
    assertThat(caller.get("/v1/jobs").json().get("items")).hasSize(1);
  }

  private ConfigurableApplicationContext gateway(EmbeddedKafka kafka) {
    return new SpringApplicationBuilder(GatewayApplication.class)
        .properties(GatewayApplication.CONFIG_NAME)
        .run(
            "--server.port=0",
            "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
            "--spring.data.redis.port=" + redisPort,
            "--spring.kafka.producer.properties.max.block.ms=1000",
            "--spring.kafka.producer.properties.request.timeout.ms=1000",
            "--spring.kafka.producer.properties.delivery.timeout.ms=2000",
            "--fresco.objects.directory=" + folder.resolve("objects"));
  }
}
