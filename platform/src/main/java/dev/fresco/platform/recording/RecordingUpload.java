package dev.fresco.platform.recording;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Sends recordings to cache-service, and tells it of damaged ones. */
public final class RecordingUpload {
  /** Where recordings lie below a service's address. */
  public static final String PATH = "/internal/recordings/";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final URI service;
  private final Duration limit;

  /**
   * @param service address of cache-service
   * @param limit within which a whole recording must be taken
   */
  public RecordingUpload(URI service, Duration limit) {
    this.service = service;
    this.limit = limit;
  }

  /**
   * @param stored whether it is there
   * @param reason why not, in the service's words
   */
  public record Sent(boolean stored, String reason) {}

  /** The address of a recording. */
  public static URI place(URI service, String id) {
    String base = service.toString();
    return URI.create(
        (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + PATH + id);
  }

  /**
   * Sends a file; waits until it is stored or refused.
   *
   * @param templateId of the template that it is of, or null
   */
  public Sent send(String id, Path file, String templateId) throws InterruptedException {
    URI place = place(service, id);
    URI named = templateId == null ? place : URI.create(place + "?template=" + templateId);
    try {
      return answered(
          HttpRequest.newBuilder(named)
              .timeout(limit)
              .header("Content-Type", "application/octet-stream")
              .expectContinue(true)
              .PUT(HttpRequest.BodyPublishers.ofFile(file)));
    } catch (IOException e) {
      return new Sent(false, named + ": " + e);
    }
  }

  /** Says that a recording's copy was damaged; the service looks at its own, and answers for it. */
  public Sent reportDamage(String id) throws InterruptedException {
    URI place = URI.create(place(service, id) + "/check");
    try {
      return answered(
          HttpRequest.newBuilder(place).timeout(limit).POST(HttpRequest.BodyPublishers.noBody()));
    } catch (IOException e) {
      return new Sent(false, place + ": " + e);
    }
  }

  private Sent answered(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    boolean stored = answer.statusCode() / 100 == 2;
    return new Sent(
        stored,
        stored
            ? null
            : answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8));
  }
}
