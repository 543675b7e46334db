package dev.fresco.worker.recording;

import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.RecordingSink;
import dev.fresco.engine.recording.RecordingWriter;
import java.util.function.Function;

/**
 * A recording that a run of its template writes. It ends once: {@link #finish finished} when the
 * run has all its steps, or abandoned.
 */
public final class RecordingInMaking {
  private final RecordingKey key;
  private final RecordingWriter writer;
  private final PictureRequest request;
  private final Runnable end;
  private volatile boolean failed;
  private boolean ended;

  /**
   * @param request makes the run that writes into a sink
   * @param end called when it has ended
   */
  RecordingInMaking(
      RecordingKey key,
      RecordingWriter writer,
      Function<RecordingSink, PictureRequest> request,
      Runnable end) {
    this.key = key;
    this.writer = writer;
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
   * Makes the file visible.
   *
   * @throws dev.fresco.engine.EngineException if it failed
   */
  void finish() {
    writer.finish();
  }

  void ended() {
    end.run();
  }

  /** Gives it up, unless its run is over. */
  public void abandon() {
    if (claimEnd()) {
      writer.abandon();
      end.run();
    }
  }
}
