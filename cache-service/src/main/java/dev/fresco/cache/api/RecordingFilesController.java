package dev.fresco.cache.api;

import dev.fresco.cache.recording.RecordingBytes;
import dev.fresco.cache.recording.RecordingIntake;
import dev.fresco.cache.recording.Recordings;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.platform.recording.RecordingLease;
import dev.fresco.platform.recording.RecordingUpload;
import dev.fresco.platform.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** How workers and other nodes read, send and hold recordings. Not for callers from outside. */
@RestController
@RequestMapping(RecordingUpload.PATH + "{id}")
final class RecordingFilesController {
  private final Recordings recordings;
  private final RecordingIntake intake;
  private final RecordingBytes bytes;

  RecordingFilesController(Recordings recordings, RecordingIntake intake, RecordingBytes bytes) {
    this.recordings = recordings;
    this.intake = intake;
    this.bytes = bytes;
  }

  /**
   * Sends a recording or a part of it.
   *
   * @param here true if other nodes are not to be asked
   */
  @GetMapping
  void read(
      @PathVariable String id,
      @RequestParam(defaultValue = "false") boolean here,
      HttpServletRequest request,
      HttpServletResponse answer)
      throws IOException {
    String range = request.getHeader("Range");
    // Ranges come one after the other; the first one tells of the use.
    boolean again = range != null && !range.startsWith("bytes=0-");
    Optional<RecordingLease<RecordingFile>> found =
        here ? recordings.takeHere(id) : recordings.take(id, again);
    try (RecordingLease<RecordingFile> lease =
        found.orElseThrow(() -> ProblemException.notFound("recording", id))) {
      String meant = request.getHeader("If-Match");
      if (meant != null && !meant.equals(lease.version())) {
        answer.sendError(HttpStatus.PRECONDITION_FAILED.value());
        return;
      }
      send(lease, range, request.getMethod().equals("HEAD"), answer);
    }
  }

  private void send(
      RecordingLease<RecordingFile> lease,
      String header,
      boolean onlyHead,
      HttpServletResponse answer)
      throws IOException {
    Optional<ByteRange> part = ByteRange.of(header, lease.bytes());
    ByteRange sent = part.orElse(new ByteRange(0, lease.bytes()));
    answer.setHeader("ETag", lease.version());
    answer.setHeader("Accept-Ranges", "bytes");
    if (sent.length() == 0) {
      answer.setHeader("Content-Range", "bytes */" + lease.bytes());
      answer.setStatus(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE.value());
      return;
    }
    if (part.isPresent()) {
      answer.setStatus(HttpStatus.PARTIAL_CONTENT.value());
      answer.setHeader("Content-Range", sent.of(lease.bytes()));
    }
    answer.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
    answer.setContentLengthLong(sent.length());
    if (!onlyHead) {
      bytes.write(lease, sent.from(), sent.length(), answer.getOutputStream());
    }
  }

  /** Takes a recording: 201, or 200 if it is here already. */
  @PutMapping
  ResponseEntity<Void> take(
      @PathVariable String id,
      @RequestParam(required = false) String template,
      HttpServletRequest request)
      throws IOException {
    long length = request.getContentLengthLong();
    if (length < 0) {
      throw ProblemException.malformed("the header Content-Length is missing", List.of());
    }
    boolean stored = intake.take(id, length, request.getInputStream(), template);
    return ResponseEntity.status(stored ? HttpStatus.CREATED : HttpStatus.OK).build();
  }

  /** Looks at the copy here: 204 if it is sound, 404 if there is none, or none any more. */
  @PostMapping("/check")
  ResponseEntity<Void> check(@PathVariable String id) {
    return recordings.check(id) ? ResponseEntity.noContent().build() : absent(id);
  }

  /** Keeps a recording from being evicted, until the time is over or the holder lets go of it. */
  @PutMapping("/pins/{holder}")
  ResponseEntity<Void> pin(
      @PathVariable String id, @PathVariable String holder, @RequestParam int seconds) {
    return recordings.pin(id, holder, Duration.ofSeconds(seconds))
        ? ResponseEntity.noContent().build()
        : absent(id);
  }

  @DeleteMapping("/pins/{holder}")
  ResponseEntity<Void> unpin(@PathVariable String id, @PathVariable String holder) {
    recordings.unpin(id, holder);
    return ResponseEntity.noContent().build();
  }

  private static ResponseEntity<Void> absent(String id) {
    throw ProblemException.notFound("sound recording", id);
  }
}
