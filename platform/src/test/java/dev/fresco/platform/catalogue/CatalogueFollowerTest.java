package dev.fresco.platform.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.contracts.Topics;
import dev.fresco.embedded.TestBackends;
import dev.fresco.platform.RunningService;
import dev.fresco.platform.event.EventCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;

class CatalogueFollowerTest {
  private static final String TOPIC = "books.events";
  private static final String DEAD_LETTERS = TOPIC + Topics.DEAD_LETTER_SUFFIX;
  private static final Map<String, Object> KAFKA =
      Map.of("bootstrap.servers", TestBackends.kafka());

  private final EventCodec codec = new EventCodec();
  private final ConsumerFactory<String, String> consumers =
      new DefaultKafkaConsumerFactory<>(KAFKA, new StringDeserializer(), new StringDeserializer());

  record Book(String id, String title) {}

  /** A broker refuses what is longer than a topic takes, after the producer has sent it. */
  private static void longestDeadLetter(int bytes) throws Exception {
    var topic = new ConfigResource(ConfigResource.Type.TOPIC, DEAD_LETTERS);
    var longest = new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(bytes));
    try (Admin admin = Admin.create(KAFKA)) {
      admin
          .incrementalAlterConfigs(
              Map.of(topic, List.of(new AlterConfigOp(longest, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private CatalogueFollower<Book> follower(
      Catalogue<Book> books, KafkaAdmin admin, KafkaTemplate<String, String> deadLetters) {
    return new CatalogueFollower<>(
        books,
        TOPIC,
        json -> {
          Book book = codec.read(json, Book.class);
          return Change.put(book.id(), book);
        },
        new CatalogueFollower.Connections(admin, consumers, deadLetters),
        Duration.ofMinutes(1));
  }

  @Test
  void anUnreadableRecordIsPassedOverOnceTheDeadLettersHaveIt() throws Exception {
    RunningService.flushRedis();
    var redis = new LettuceConnectionFactory(TestBackends.redisHost(), TestBackends.redisPort());
    redis.afterPropertiesSet();
    redis.start();
    KafkaAdmin admin = new KafkaAdmin(KAFKA);
    admin.createOrModifyTopics(
        new NewTopic(TOPIC, 1, (short) 1), new NewTopic(DEAD_LETTERS, 1, (short) 1));
    longestDeadLetter(1);
    KafkaTemplate<String, String> kafka =
        new KafkaTemplate<>(
            new DefaultKafkaProducerFactory<>(
                KAFKA, new StringSerializer(), new StringSerializer()));
    Catalogue<Book> books =
        new Catalogue<>(
            new StringRedisTemplate(redis),
            codec,
            "followed",
            Book.class,
            book -> new Listed(List.of("all"), Instant.EPOCH));
    try {
      kafka.send(TOPIC, "a", codec.write(new Book("a", "one"))).get();
      kafka.send(TOPIC, "b", "no book").get();
      kafka.send(TOPIC, "c", codec.write(new Book("c", "three"))).get();

      assertThatThrownBy(() -> follower(books, admin, kafka).start())
          .isInstanceOf(CompletionException.class)
          .hasRootCauseInstanceOf(RecordTooLargeException.class);
      assertThat(books.position()).isEqualTo(1);

      longestDeadLetter(1 << 20);
      CatalogueFollower<Book> follower = follower(books, admin, kafka);
      follower.start();
      follower.stop();
      assertThat(books.find("c")).isPresent();
      kafka.setConsumerFactory(consumers);
      assertThat(kafka.receive(DEAD_LETTERS, 0, 0).value()).isEqualTo("no book");
    } finally {
      kafka.destroy();
      redis.destroy();
    }
  }
}
