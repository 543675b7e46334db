package dev.fresco.router;

import static org.awaitility.Awaitility.await;

import dev.fresco.embedded.FreePort;
import dev.fresco.embedded.TestBackends;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** A router in a JVM of its own, to be killed. */
final class RouterProcess {
  private final Process process;

  private RouterProcess(Process process) {
    this.process = process;
  }

  /** Starts it and waits until it decides. */
  static RouterProcess start() throws IOException {
    int port = FreePort.find();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                RouterApplication.class.getName(),
                "--spring.kafka.bootstrap-servers=" + TestBackends.kafka(),
                // The least that a broker allows by default.
                "--spring.kafka.consumer.properties[session.timeout.ms]=6000",
                "--server.port=" + port,
                "--fresco.router.tick=50ms",
                "--fresco.router.worker-timeout=5m")
            .redirectErrorStream(true)
            .redirectOutput(Path.of("target", "router-process.log").toFile())
            .start();
    RouterProcess started = new RouterProcess(process);
    await().atMost(Duration.ofSeconds(60)).until(() -> !process.isAlive() || isActive(port));
    if (!process.isAlive()) {
      throw new IllegalStateException("the router ended with " + process.exitValue());
    }
    return started;
  }

  private static boolean isActive(int port) throws InterruptedException {
    URI queue = URI.create("http://127.0.0.1:" + port + "/v1/router/queue");
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(queue).build(), HttpResponse.BodyHandlers.ofString())
          .body()
          .contains("\"active\":true");
    } catch (IOException e) {
      return false;
    }
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
