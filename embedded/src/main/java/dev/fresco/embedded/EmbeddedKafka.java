package dev.fresco.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real KRaft broker and controller in this JVM, on loopback. Its folder survives restarts, also
 * after the process was killed.
 */
public final class EmbeddedKafka implements AutoCloseable {
  private static final int MEBIBYTE = 1024 * 1024;

  private final KafkaRaftServer server;
  private final int port;

  private EmbeddedKafka(KafkaRaftServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts a broker, and returns when it takes calls.
   *
   * @param directory for its log; made if it is not there
   * @param port of the broker
   * @param controllerPort of the controller
   */
  public static EmbeddedKafka start(Path directory, int port, int controllerPort) {
    try {
      Files.createDirectories(directory);
      if (!Files.exists(directory.resolve("meta.properties"))) {
        format(directory);
      }
    } catch (Exception e) {
      throw new IllegalStateException("cannot prepare Kafka's folder " + directory, e);
    }
    Properties properties = properties(directory, port, controllerPort);
    KafkaRaftServer server =
        new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
    server.startup();
    return new EmbeddedKafka(server, port);
  }

  private static Properties properties(Path directory, int port, int controllerPort) {
    String broker = "PLAINTEXT://127.0.0.1:" + port;
    Properties p = new Properties();
    p.put("process.roles", "broker,controller");
    p.put("node.id", "1");
    p.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    p.put("listeners", broker + ",CONTROLLER://127.0.0.1:" + controllerPort);
    p.put("advertised.listeners", broker);
    p.put("controller.listener.names", "CONTROLLER");
    p.put("inter.broker.listener.name", "PLAINTEXT");
    p.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
    p.put("log.dirs", directory.toString());
    for (String topic : new String[] {"offsets.topic", "transaction.state.log"}) {
      p.put(topic + ".replication.factor", "1");
      p.put(topic + ".num.partitions", "4");
    }
    p.put("transaction.state.log.min.isr", "1");
    p.put("share.coordinator.state.topic.replication.factor", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
    p.put("share.coordinator.state.topic.num.partitions", "4");
    p.put("group.initial.rebalance.delay.ms", "0");
    p.put("num.network.threads", "2");
    p.put("num.io.threads", "4");
    p.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 * MEBIBYTE));
    p.put("log.cleaner.io.buffer.size", "65536");
    p.put("auto.create.topics.enable", "false");
    p.put("message.max.bytes", String.valueOf(8 * MEBIBYTE));
    p.put("replica.fetch.max.bytes", String.valueOf(8 * MEBIBYTE));
    p.put("log.initial.task.delay.ms", "1000");
    // With the defaults a restart after a crash waits 13 s for the old session to end.
    p.put("broker.session.timeout.ms", "2000");
    p.put("broker.heartbeat.interval.ms", "500");
    return p;
  }

  private static void format(Path directory) throws Exception {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Formatter formatter = new Formatter();
    formatter.setPrintStream(new PrintStream(said, true, StandardCharsets.UTF_8));
    formatter.setNodeId(1);
    formatter.setClusterId(Uuid.randomUuid().toString());
    formatter.addDirectory(directory.toString());
    formatter.setMetadataLogDirectory(directory.toString());
    formatter.setControllerListenerName("CONTROLLER");
    formatter.setReleaseVersion(MetadataVersion.latestProduction());
    formatter.setIgnoreFormatted(true);
    try {
      formatter.run();
    } catch (Exception e) {
      throw new IOException(said.toString(StandardCharsets.UTF_8), e);
    }
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
