package dev.fresco.cache.recording;

import dev.fresco.platform.recording.RecordingSource;
import dev.fresco.platform.recording.RecordingUpload;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Recordings of the nodes that the register knows. A node answers others only with its own. */
final class OtherNodes implements RecordingSource {
  private static final Duration CHECK_LIMIT = Duration.ofMinutes(1);

  private final RecordingRegister register;

  OtherNodes(RecordingRegister register) {
    this.register = register;
  }

  @Override
  public Optional<URI> place(String id) {
    return register
        .nodeWith(id)
        .map(node -> URI.create(RecordingUpload.place(node, id) + "?here=true"));
  }

  @Override
  public void damaged(String id) {
    register
        .nodeWith(id)
        .ifPresent(
            node -> RecordingSource.at(node, new RecordingUpload(node, CHECK_LIMIT)).damaged(id));
  }
}
