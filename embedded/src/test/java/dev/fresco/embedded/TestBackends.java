package dev.fresco.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;

/**
 * Kafka and Redis for the tests of this JVM: containers where a Docker engine answers, the embedded
 * ones elsewhere. Started at first use, stopped with the JVM.
 */
public final class TestBackends {
  private static final Logger log = LoggerFactory.getLogger(TestBackends.class);
  private static final boolean DOCKER = DockerClientFactory.instance().isDockerAvailable();

  private TestBackends() {}

  /** Address of a broker. */
  public static String kafka() {
    return Kafka.BOOTSTRAP_SERVERS;
  }

  /** Port of a Redis; its host is {@link #redisHost()}. */
  public static int redisPort() {
    return Redis.PORT;
  }

  public static String redisHost() {
    return Redis.HOST;
  }

  private static final class Kafka {
    static final String BOOTSTRAP_SERVERS = start();

    private static String start() {
      log.info("Kafka for tests: {}", DOCKER ? "container" : "embedded");
      if (DOCKER) {
        KafkaContainer container = new KafkaContainer("apache/kafka:4.1.0");
        container.start();
        return container.getBootstrapServers();
      }
      EmbeddedKafka kafka =
          EmbeddedKafka.start(temporaryFolder("kafka"), FreePort.find(), FreePort.find());
      Runtime.getRuntime().addShutdownHook(new Thread(kafka::close));
      return kafka.bootstrapServers();
    }
  }

  private static final class Redis {
    static final String HOST;
    static final int PORT;

    static {
      log.info("Redis for tests: {}", DOCKER ? "container" : "embedded");
      if (DOCKER) {
        GenericContainer<?> container = new GenericContainer<>("redis:7.4").withExposedPorts(6379);
        container.start();
        HOST = container.getHost();
        PORT = container.getFirstMappedPort();
      } else {
        EmbeddedRedis redis = EmbeddedRedis.start(temporaryFolder("redis"), FreePort.find());
        Runtime.getRuntime().addShutdownHook(new Thread(redis::close));
        HOST = "127.0.0.1";
        PORT = redis.port();
      }
    }
  }

  private static Path temporaryFolder(String name) {
    try {
      return Files.createTempDirectory("fresco-" + name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
