package dev.fresco.router;

import dev.fresco.embedded.TestBackends;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A router on the Kafka of the tests. */
final class RunningRouter implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final ConfigurableApplicationContext context;

  private RunningRouter(ConfigurableApplicationContext context) {
    this.context = context;
  }

  static RunningRouter start(String... settings) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--spring.kafka.bootstrap-servers=" + TestBackends.kafka(),
                "--server.port=0",
                "--fresco.router.tick=50ms",
                "--fresco.router.worker-timeout=5m"));
    for (String setting : settings) {
      arguments.add("--" + setting);
    }
    return new RunningRouter(
        new SpringApplicationBuilder(RouterApplication.class)
            .properties("spring.config.name=router-service")
            .run(arguments.toArray(String[]::new)));
  }

  HttpResponse<String> get(String path) {
    String port = context.getEnvironment().getProperty("local.server.port");
    URI address = URI.create("http://127.0.0.1:" + port + path);
    try {
      return http.send(
          HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    } catch (Exception e) {
      throw new IllegalStateException("no answer from " + address, e);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
