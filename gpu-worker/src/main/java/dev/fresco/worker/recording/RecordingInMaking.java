package dev.fresco.worker.recording;

import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.engine.recording.RecordingSink;
import dev.fresco.engine.recording.RecordingWriter;
import dev.fresco.platform.recording.RecordingDraft;
import java.io.IOException;
import java.util.function.Function;

/**
 * A recording that a run of its template writes. It ends once: {@link #finish finished} when the
 * run has all its steps, or abandoned.
 */
public final class RecordingInMaking {
  private final RecordingKey key;
  private final String template;
  private final RecordingDraft<RecordingFile> draft;
  private final RecordingWriter writer;
  private final PictureRequest request;
  private final Runnable end;
  private volatile boolean failed;
  private boolean ended;

  /**
   * @param template id of the template that it is of, or null
   * @param draft its place in the folder
   * @param int8 whether it takes half the bytes, and is less exact
   * @param request makes the run that writes into a sink
   * @param end called when it has ended
   * @throws dev.fresco.engine.EngineException if it cannot be written
   */
  RecordingInMaking(
      RecordingKey key,
      String template,
      RecordingDraft<RecordingFile> draft,
      boolean int8,
      Function<RecordingSink, PictureRequest> request,
      Runnable end) {
    this.key = key;
    this.template = template;
    this.draft = draft;
    this.writer = new RecordingWriter(draft.file(), key, draft::room, tensor -> int8);
    this.request = request.apply(this::put);
    this.end = end;
  }

  private void put(int step, RecordedTensor tensor) {
    try {
      writer.put(step, tensor);
    } catch (RuntimeException e) {
      failed = true;
      throw e;
    }
  }

  public RecordingKey key() {
    return key;
  }

  String template() {
    return template;
  }

  /** The run of the template that makes it. */
  public PictureRequest request() {
    return request;
  }

  /** Whether it cannot become a recording any more; then its run is of no use. */
  public boolean hasFailed() {
    return failed;
  }

  /** From now on it is not abandoned any more. */
  synchronized boolean claimEnd() {
    boolean first = !ended;
    ended = true;
    return first;
  }

  /**
   * Makes the recording visible, or leaves nothing of it.
   *
   * @throws dev.fresco.engine.EngineException if it failed
   */
  void finish() throws IOException {
    try {
      writer.finish();
      draft.keep();
    } finally {
      draft.close();
      end.run();
    }
  }

  /** Gives it up, unless its run is over. */
  public void abandon() {
    if (claimEnd()) {
      writer.abandon();
      draft.close();
      end.run();
    }
  }
}
