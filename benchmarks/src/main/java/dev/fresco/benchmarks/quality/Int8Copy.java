package dev.fresco.benchmarks.quality;

import dev.fresco.benchmarks.TemporaryFolder;
import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.recording.Recording;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.engine.recording.RecordingWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A recording in a file of half its bytes.
 *
 * @param folder of the file
 */
record Int8Copy(TemporaryFolder folder, RecordingFile recording) implements AutoCloseable {
  static Int8Copy of(Recording original) throws IOException {
    TemporaryFolder folder = TemporaryFolder.create("fresco-int8-");
    // What a key says of its template is of no interest here.
    RecordingKey key =
        new RecordingKey("copy", "0".repeat(64), 1, 1, "ddim", original.steps(), true, List.of());
    Path file = folder.path().resolve("copy.frec");
    try (RecordingWriter writer = new RecordingWriter(file, key, bytes -> {}, tensor -> true)) {
      for (int step = 0; step < original.steps(); step++) {
        for (String name : original.names()) {
          writer.put(step, original.tensor(step, name));
        }
      }
      writer.finish();
    }
    return new Int8Copy(folder, RecordingFile.open(file));
  }

  @Override
  public void close() throws IOException {
    recording.close();
    folder.close();
  }
}
