package dev.fresco.platform.recording;

import java.net.URI;
import java.util.Optional;

/** Where recordings come from. */
public interface RecordingSource {
  /** Where one can be read in ranges; empty if nobody is known to have it. */
  Optional<URI> place(String id);

  /** What came from there was damaged. */
  void damaged(String id);

  /** A service that has all recordings that there are. */
  static RecordingSource at(URI service, RecordingUpload upload) {
    return new RecordingSource() {
      @Override
      public Optional<URI> place(String id) {
        return Optional.of(RecordingUpload.place(service, id));
      }

      @Override
      public void damaged(String id) {
        try {
          upload.reportDamage(id);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }
}
