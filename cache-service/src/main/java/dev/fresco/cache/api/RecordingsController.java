package dev.fresco.cache.api;

import dev.fresco.cache.recording.RecordingCopy;
import dev.fresco.cache.recording.Recordings;
import dev.fresco.contracts.template.TemplateEvent;
import dev.fresco.platform.catalogue.Page;
import dev.fresco.platform.web.ProblemException;
import java.util.Comparator;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lets operators see recordings, and remove them. */
@RestController
@RequestMapping("/v1/recordings")
final class RecordingsController {
  private final Recordings recordings;

  RecordingsController(Recordings recordings) {
    this.recordings = recordings;
  }

  /** All copies of all nodes; those of other nodes as of their last heartbeat. */
  @GetMapping
  Page<RecordingView> list() {
    return new Page<>(
        recordings.all().stream()
            .sorted(Comparator.comparing(RecordingCopy::id).thenComparing(RecordingCopy::node))
            .map(RecordingView::of)
            .toList(),
        null);
  }

  /** Removes all copies; one in use goes with its last use. */
  @DeleteMapping("/{id}")
  ResponseEntity<Void> delete(@PathVariable String id) {
    if (!recordings.removeEverywhere(id, TemplateEvent.Reason.REQUESTED)) {
      throw ProblemException.notFound("recording", id);
    }
    return ResponseEntity.noContent().build();
  }
}
