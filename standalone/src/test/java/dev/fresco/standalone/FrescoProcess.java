package dev.fresco.standalone;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Fresco as a process of its own, as {@code ./fresco up} runs it, so that it can be killed. */
final class FrescoProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 180;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Process process;
  private final Path console;
  private final URI gateway;

  private FrescoProcess(Process process, Path console, URI gateway) {
    this.process = process;
    this.console = console;
    this.gateway = gateway;
  }

  /** With the demo model. */
  static FrescoProcess start(Path data, int port) throws IOException, InterruptedException {
    return start(data, port, Path.of("../models/emoji"));
  }

  static FrescoProcess start(Path data, int port, Path model)
      throws IOException, InterruptedException {
    Files.createDirectories(data);
    Path console = data.resolve("console.txt");
    Process process =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home") + File.separator + "bin/java",
                    "-Xmx1g",
                    "-XX:TieredStopAtLevel=1",
                    "-Dai.djl.offline=true",
                    "-Dfresco.log.file=" + data.resolve("fresco.log"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    FrescoCommand.class.getName(),
                    "up",
                    "--port=" + port,
                    "--data=" + data,
                    "--model=" + model))
            .redirectErrorStream(true)
            .redirectOutput(console.toFile())
            .start();
    var fresco = new FrescoProcess(process, console, URI.create("http://127.0.0.1:" + port));
    fresco.awaitUp();
    return fresco;
  }

  private void awaitUp() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.readString(console).contains("Fresco is up")) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("Fresco did not start:\n" + Files.readString(console));
      }
      process.waitFor(200, TimeUnit.MILLISECONDS);
    }
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return post(path, "application/json", body);
  }

  HttpResponse<String> postText(String path, String body) throws IOException, InterruptedException {
    return post(path, "text/plain", body);
  }

  private HttpResponse<String> post(String path, String type, String body)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(gateway.resolve(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /** Posts files, each as the part of its name. */
  HttpResponse<String> upload(String path, Map<String, Path> files)
      throws IOException, InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Map.Entry<String, Path> part : files.entrySet()) {
      String head =
          "--fresco\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n\r\n"
              .formatted(part.getKey(), part.getValue().getFileName());
      body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
      body.writeBytes(Files.readAllBytes(part.getValue()));
      body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
    }
    body.writeBytes("--fresco--\r\n".getBytes(StandardCharsets.UTF_8));
    return HTTP.send(
        HttpRequest.newBuilder(gateway.resolve(path))
            .header("Content-Type", "multipart/form-data; boundary=fresco")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
            .build(),
        BodyHandlers.ofString());
  }

  int delete(String path) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(gateway.resolve(path)).DELETE().build(),
            BodyHandlers.discarding())
        .statusCode();
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HTTP.send(HttpRequest.newBuilder(gateway.resolve(path)).build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException(path + " answers " + answer.statusCode() + ": " + answer.body());
    }
    return JSON.readTree(answer.body());
  }

  byte[] bytes(String path) throws IOException, InterruptedException {
    return HTTP.send(
            HttpRequest.newBuilder(gateway.resolve(path)).build(), BodyHandlers.ofByteArray())
        .body();
  }

  /** Stops it as Ctrl-C does. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
