package dev.fresco.embedded;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.embedded.RedisServer;

/**
 * A real Redis as a child process, on loopback. What it holds is appended to a file in its folder
 * and survives restarts.
 */
public final class EmbeddedRedis implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);
  private static final String PORT_FILE = "fresco.port";
  private static final int LAST_PORT = 65_535;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final RedisServer server;
  private final int port;

  private EmbeddedRedis(RedisServer server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts Redis, and returns when it takes calls. A Redis that a killed process left behind on
   * this folder is stopped first.
   *
   * @param directory for its file; made if it is not there
   */
  public static EmbeddedRedis start(Path directory, int port) {
    try {
      Path folder = Files.createDirectories(directory).toRealPath();
      OptionalInt before = lastPort(folder);
      if (before.isPresent()) {
        stopLeftover(folder, before.getAsInt());
      }
      writePort(folder, port);
      RedisServer server =
          RedisServer.newRedisServer()
              .port(port)
              .bind("127.0.0.1")
              .setting("dir " + folder)
              .setting("appendonly yes")
              .setting("appendfsync everysec")
              .setting("save \"\"")
              .setting("maxmemory 512mb")
              .setting("maxmemory-policy noeviction")
              .build();
      server.start();
      return new EmbeddedRedis(server, port);
    } catch (IOException e) {
      throw new IllegalStateException("cannot start Redis on port " + port + " in " + directory, e);
    }
  }

  /** The port that an earlier start wrote, unless what lies there is no port. */
  private static OptionalInt lastPort(Path folder) throws IOException {
    Path file = folder.resolve(PORT_FILE);
    if (!Files.exists(file)) {
      return OptionalInt.empty();
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= LAST_PORT) {
      return OptionalInt.of(Integer.parseInt(text));
    }
    log.warn("{} does not hold a port; it is passed over", file);
    return OptionalInt.empty();
  }

  /** Whole or not at all, for a process that is killed here. */
  private static void writePort(Path folder, int port) throws IOException {
    Path draft = folder.resolve(PORT_FILE + ".draft");
    Files.writeString(draft, String.valueOf(port));
    Files.move(
        draft,
        folder.resolve(PORT_FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** A child outlives a parent that was killed; it would hold the port and the file. */
  private static void stopLeftover(Path folder, int port) {
    RedisURI address =
        RedisURI.builder()
            .withHost("127.0.0.1")
            .withPort(port)
            .withTimeout(Duration.ofSeconds(2))
            .build();
    RedisClient client = RedisClient.create(address);
    try (var connection = client.connect()) {
      RedisCommands<String, String> redis = connection.sync();
      String found = redis.configGet("dir").get("dir");
      if (!folder.toString().equals(found)) {
        return; // The port is another's by now.
      }
      log.info("stopping a Redis that an earlier process left behind on port {}", port);
      redis.shutdown(true);
      awaitClosed(client);
    } catch (RedisException nobodyThere) {
      log.debug("nothing was left behind on port {}", port);
    } finally {
      client.shutdown(Duration.ZERO, PATIENCE);
    }
  }

  private static void awaitClosed(RedisClient client) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      try (var still = client.connect()) {
        still.sync().ping();
      } catch (RedisException closed) {
        return;
      }
    }
    throw new IllegalStateException("the Redis left behind does not stop within " + PATIENCE);
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (IOException e) {
      log.warn("Redis on port {} did not stop cleanly", port, e);
    }
  }
}
