package dev.fresco.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks HTTP to the gateway. */
final class Caller {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;

  Caller(String base) {
    this.base = base;
  }

  /** What came back. */
  record Answer(HttpResponse<byte[]> response) {
    int status() {
      return response.statusCode();
    }

    byte[] bytes() {
      return response.body();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    JsonNode json() {
      return JSON.readTree(response.body());
    }

    /** The text at a JSON pointer, or null. */
    String text(String pointer) {
      JsonNode node = json().at(pointer);
      return node.isMissingNode() || node.isNull() ? null : node.asString();
    }

    @Override
    public String toString() {
      return status() + " " + new String(bytes(), StandardCharsets.UTF_8);
    }
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
  }

  Answer send(HttpRequest.Builder request) {
    try {
      return new Answer(client.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new AssertionError("no answer from " + base, e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  CompletableFuture<Answer> sendLater(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), BodyHandlers.ofByteArray()).thenApply(Answer::new);
  }

  /** An answer whose body comes in pieces. */
  HttpResponse<InputStream> open(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("no answer from " + base, e);
    }
  }

  Answer get(String path) {
    return send(to(path));
  }

  Answer delete(String path) {
    return send(to(path).DELETE());
  }

  static HttpRequest.Builder json(HttpRequest.Builder request, BodyPublisher body) {
    return request.header("Content-Type", "application/json").POST(body);
  }

  Answer postJob(String body) {
    return send(json(to("/v1/jobs"), BodyPublishers.ofString(body)));
  }

  HttpRequest.Builder keyedJob(String key, String body) {
    return json(to("/v1/jobs"), BodyPublishers.ofString(body)).header("Idempotency-Key", key);
  }

  /** Has a small job accepted. */
  String acceptedJob() {
    Answer answer = postJob("{\"prompt\": \"a fox\", \"seed\": 42}");
    if (answer.status() != 202) {
      throw new AssertionError(answer.toString());
    }
    return answer.text("/id");
  }
}
