package dev.fresco.platform.recording;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a file over HTTP, range by range (RFC 9110, section 14); all of it must be one version. */
final class RecordingRanges {
  private static final int PARTIAL_CONTENT = 206;
  private static final int SERVER_ERRORS = 500;
  private static final int PRECONDITION_FAILED = 412;
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");

  private final HttpClient http;
  private final URI place;
  private final Duration limit;
  private String version;
  private long whole = -1;

  /**
   * @param limit within which a range must be there
   */
  RecordingRanges(HttpClient http, URI place, Duration limit) {
    this.http = http;
    this.place = place;
    this.limit = limit;
  }

  /** Bytes of the whole file; known after the first read. */
  long whole() {
    return whole;
  }

  /** The entity tag of what is read; known after the first read. */
  String version() {
    return version;
  }

  /**
   * Some bytes; fewer than asked for at the end of the file.
   *
   * @throws IOException if it may work when tried again
   * @throws RecordingUnavailableException if it will not
   */
  byte[] read(long from, int length) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(place)
            .timeout(limit)
            .header("Range", "bytes=%d-%d".formatted(from, from + length - 1));
    if (version != null) {
      request.header("If-Match", version);
    }
    HttpResponse<byte[]> answer =
        http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() >= SERVER_ERRORS) {
      throw new IOException(place + " answers " + answer.statusCode());
    }
    if (answer.statusCode() == PRECONDITION_FAILED) {
      throw new RecordingUnavailableException(place + " is another file meanwhile");
    }
    if (answer.statusCode() != PARTIAL_CONTENT) {
      throw new RecordingUnavailableException(place + " answers " + answer.statusCode());
    }
    check(answer, from);
    return answer.body();
  }

  private void check(HttpResponse<byte[]> answer, long from) {
    String range = answer.headers().firstValue("Content-Range").orElse("");
    String tag = answer.headers().firstValue("ETag").orElse("");
    Matcher parts = CONTENT_RANGE.matcher(range);
    boolean meant =
        parts.matches()
            && Long.parseLong(parts.group(1)) == from
            && Long.parseLong(parts.group(2)) == from + answer.body().length - 1
            && answer.body().length > 0
            && (whole < 0 || Long.parseLong(parts.group(3)) == whole)
            && (version == null || tag.equals(version));
    if (!meant) {
      throw new RecordingUnavailableException(
          "%s answers with the range '%s' of version %s; asked for was %d of version %s"
              .formatted(place, range, tag, from, version));
    }
    whole = Long.parseLong(parts.group(3));
    version = tag;
  }
}
