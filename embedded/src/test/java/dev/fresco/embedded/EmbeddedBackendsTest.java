package dev.fresco.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedBackendsTest {
  @TempDir Path folder;

  @Test
  void kafkaKeepsRecordsOverARestart() throws Exception {
    int port = FreePort.find();
    int controllerPort = FreePort.find();
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, port, controllerPort)) {
      Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
      try (Admin admin = Admin.create(settings);
          var producer =
              new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
        admin.createTopics(List.of(new NewTopic("letters", 1, (short) 1))).all().get();
        producer.send(new ProducerRecord<>("letters", "a", "alpha")).get();
      }
    }
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, port, controllerPort);
        var consumer =
            new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
      TopicPartition letters = new TopicPartition("letters", 0);
      consumer.assign(List.of(letters));
      consumer.seekToBeginning(List.of(letters));
      assertThat(consumer.poll(Duration.ofSeconds(10)))
          .extracting(read -> read.value())
          .containsExactly("alpha");
    }
  }

  @Test
  void redisKeepsValuesOverARestart() {
    int port = FreePort.find();
    try (EmbeddedRedis redis = EmbeddedRedis.start(folder, port)) {
      assertThat(onRedis(port, true)).isNull();
    }
    try (EmbeddedRedis redis = EmbeddedRedis.start(folder, port)) {
      assertThat(onRedis(port, false)).isEqualTo("value");
    }
  }

  @Test
  void aRedisLeftBehindOnTheSameFolderIsReplaced() {
    int firstPort = FreePort.find();
    EmbeddedRedis.start(folder, firstPort);
    onRedis(firstPort, true);
    int port = FreePort.find();
    try (EmbeddedRedis second = EmbeddedRedis.start(folder, port)) {
      assertThat(onRedis(port, false)).isEqualTo("value");
    }
    assertThatThrownBy(() -> onRedis(firstPort, false)).isInstanceOf(RedisException.class);
  }

  @Test
  void aRedisOfAnotherFolderIsLeftAlone(@TempDir Path other) throws Exception {
    int port = FreePort.find();
    int otherPort = FreePort.find();
    try (EmbeddedRedis first = EmbeddedRedis.start(folder, port)) {
      Files.writeString(other.resolve("fresco.port"), String.valueOf(port));
      try (EmbeddedRedis second = EmbeddedRedis.start(other, otherPort)) {
        assertThat(onRedis(port, true)).isNull();
        assertThat(onRedis(otherPort, true)).isNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "70000", "\u00ff\u0000", "-1"})
  void whatIsLeftOfABrokenPortFileIsPassedOver(String left) throws Exception {
    Files.write(folder.resolve("fresco.port"), left.getBytes(StandardCharsets.ISO_8859_1));
    int port = FreePort.find();
    try (EmbeddedRedis redis = EmbeddedRedis.start(folder, port)) {
      assertThat(onRedis(port, true)).isNull();
      assertThat(folder.resolve("fresco.port")).hasContent(String.valueOf(port));
    }
  }

  /** The value of a key before, and after if it is written. */
  private static String onRedis(int port, boolean write) {
    RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
    try (var connection = client.connect()) {
      String before = connection.sync().get("key");
      if (write) {
        connection.sync().set("key", "value");
      }
      return before;
    } finally {
      client.shutdown();
    }
  }
}
