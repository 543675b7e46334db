package dev.fresco.platform;

import dev.fresco.embedded.TestBackends;
import dev.fresco.platform.web.Tenant;
import io.lettuce.core.RedisClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A service for tests: the whole application on a free port, with a real Kafka and Redis, called
 * over HTTP.
 */
public final class RunningService implements AutoCloseable {
  private static final HttpClient http = HttpClient.newHttpClient();

  private final ConfigurableApplicationContext context;
  private final String tenant;

  private RunningService(ConfigurableApplicationContext context, String tenant) {
    this.context = context;
    this.tenant = tenant;
  }

  /**
   * Starts an application.
   *
   * @param configName of its configuration file, without extension
   * @param objects folder of the object store
   * @param properties {@code name=value}, over those of the file
   */
  public static RunningService start(
      Class<?> application, String configName, Path objects, String... properties) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--server.port=0");
    arguments.add("--spring.kafka.bootstrap-servers=" + TestBackends.kafka());
    arguments.add("--spring.data.redis.host=" + TestBackends.redisHost());
    arguments.add("--spring.data.redis.port=" + TestBackends.redisPort());
    arguments.add("--fresco.objects.directory=" + objects);
    for (String property : properties) {
      arguments.add("--" + property);
    }
    return new RunningService(
        new SpringApplicationBuilder(application)
            .properties("spring.config.name=" + configName)
            .run(arguments.toArray(String[]::new)),
        Tenant.DEFAULT);
  }

  /** The same service, called on behalf of a tenant. */
  public RunningService as(String other) {
    return new RunningService(context, other);
  }

  public <B> B bean(Class<B> type) {
    return context.getBean(type);
  }

  public HttpRequest.Builder request(String path) {
    String port = context.getEnvironment().getProperty("local.server.port");
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .header(Tenant.HEADER, tenant)
        .timeout(Duration.ofSeconds(30));
  }

  public Answer get(String path) {
    return send(request(path));
  }

  public Answer delete(String path) {
    return send(request(path).DELETE());
  }

  public Answer postJson(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  public Answer post(String path, MultipartBody body) {
    return send(body.asPost().apply(request(path)));
  }

  public Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(response);
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Empties the Redis that all tests of this JVM share. */
  public static void flushRedis() {
    RedisClient client =
        RedisClient.create("redis://" + TestBackends.redisHost() + ":" + TestBackends.redisPort());
    try (var connection = client.connect()) {
      connection.sync().flushall();
    } finally {
      client.shutdown();
    }
  }

  @Override
  public void close() {
    context.close();
  }

  /** A multipart body, part by part. */
  public static final class MultipartBody {
    private static final String BOUNDARY = "----fresco-test-boundary";
    private final List<byte[]> pieces = new ArrayList<>();

    public MultipartBody file(String name, String fileName, byte[] bytes) {
      header("name=\"" + name + "\"; filename=\"" + fileName + "\"");
      pieces.add(bytes);
      return this;
    }

    public MultipartBody text(String name, String value) {
      header("name=\"" + name + "\"");
      pieces.add(value.getBytes(StandardCharsets.UTF_8));
      return this;
    }

    private void header(String disposition) {
      String separator = pieces.isEmpty() ? "" : "\r\n";
      String head =
          "%s--%s\r\nContent-Disposition: form-data; %s\r\n\r\n"
              .formatted(separator, BOUNDARY, disposition);
      pieces.add(head.getBytes(StandardCharsets.UTF_8));
    }

    /** Makes a request one that posts this body. */
    public UnaryOperator<HttpRequest.Builder> asPost() {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      pieces.forEach(whole::writeBytes);
      whole.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
      return request ->
          request
              .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
              .POST(HttpRequest.BodyPublishers.ofByteArray(whole.toByteArray()));
    }
  }
}
