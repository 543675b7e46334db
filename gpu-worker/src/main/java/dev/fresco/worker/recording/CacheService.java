package dev.fresco.worker.recording;

import dev.fresco.contracts.template.RecordingKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Recordings at cache-service, over HTTP. */
public final class CacheService implements RecordingExchange {
  private static final String PATH = "/internal/recordings/";
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .build();

  private final String service;
  private final Duration limit;

  /**
   * @param service its address
   * @param limit within which a whole recording must be transferred
   */
  public CacheService(URI service, Duration limit) {
    this.service = service.toString().replaceAll("/$", "");
    this.limit = limit;
  }

  @Override
  public boolean fetch(String id, Path target) throws IOException {
    HttpResponse<Void> answer =
        send(
            request(PATH + id).GET(),
            head ->
                head.statusCode() == OK
                    ? BodySubscribers.mapping(BodySubscribers.ofFile(target), file -> null)
                    : BodySubscribers.discarding());
    if (answer.statusCode() != OK && answer.statusCode() != NOT_FOUND) {
      throw answered(answer);
    }
    return answer.statusCode() == OK && Files.exists(target);
  }

  @Override
  public void store(RecordingKey key, Path file) throws IOException {
    requireDone(
        send(
            request(PATH + key.id())
                .header("Content-Type", "application/octet-stream")
                .PUT(HttpRequest.BodyPublishers.ofFile(file)),
            BodyHandlers.discarding()));
  }

  @Override
  public void reportDamaged(String id, String reason) throws IOException {
    requireDone(
        send(
            request(PATH + id + "/check").POST(HttpRequest.BodyPublishers.noBody()),
            BodyHandlers.discarding()));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(service + path)).timeout(limit);
  }

  private <T> HttpResponse<T> send(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) throws IOException {
    try {
      return http.send(request.build(), handler);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void requireDone(HttpResponse<?> answer) throws IOException {
    if (answer.statusCode() / 100 != 2) {
      throw answered(answer);
    }
  }

  private static IOException answered(HttpResponse<?> answer) {
    return new IOException(answer.uri() + " answers " + answer.statusCode());
  }
}
