package dev.fresco.worker.recording;

import dev.fresco.platform.recording.RecordingSource;
import dev.fresco.platform.recording.RecordingUpload;
import dev.fresco.platform.recording.RecordingUpload.Sent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** Where the recordings of all workers are kept. */
public final class CacheService {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int NOT_FOUND = 404;
  private static final int OK = 200;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();

  private final URI address;
  private final RecordingUpload upload;

  /**
   * @param transferLimit within which a whole recording must be taken
   */
  public CacheService(URI address, Duration transferLimit) {
    this.address = address;
    this.upload = new RecordingUpload(address, transferLimit);
  }

  /** Where recordings are fetched from. */
  public RecordingSource source() {
    return RecordingSource.at(address, upload);
  }

  /**
   * Whether there is a recording.
   *
   * @throws IOException if the service does not say
   */
  boolean has(String id) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(RecordingUpload.place(address, id))
            .timeout(LIMIT)
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .build();
    int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status != OK && status != NOT_FOUND) {
      throw new IOException("cache-service answers " + status);
    }
    return status == OK;
  }

  /**
   * Gives a recording to all workers.
   *
   * @param template id of the template that it is of
   * @throws IOException if it was not taken
   */
  void store(String id, Path file, String template) throws IOException, InterruptedException {
    requireDone(upload.send(id, file, template));
  }

  /**
   * Says that a copy was damaged, so that the service looks at its own.
   *
   * @throws IOException if nobody took note
   */
  void reportDamage(String id) throws IOException, InterruptedException {
    requireDone(upload.reportDamage(id));
  }

  private static void requireDone(Sent sent) throws IOException {
    if (!sent.stored()) {
      throw new IOException(sent.reason());
    }
  }
}
