package dev.fresco.worker.job;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.StartLatents;
import dev.fresco.worker.edit.EditExecution;
import dev.fresco.worker.recording.RecordingInMaking;
import dev.fresco.worker.source.JobSources;
import java.util.List;

/**
 * What the engine needs of a job.
 *
 * @param start null unless it starts from a picture, all of which is painted
 * @param edit null unless it is one
 * @param recording that it makes, or null
 * @param sources held until the job has left the batch
 * @param rows that a picture has in the network: two if guidance runs it on both prompts
 * @param warnings about the request, for the caller
 */
public record PreparedJob(
    Conditioning conditioning,
    StartLatents start,
    EditExecution edit,
    RecordingInMaking recording,
    JobSources sources,
    int rows,
    List<String> warnings)
    implements AutoCloseable {
  public PreparedJob {
    warnings = List.copyOf(warnings);
  }

  /** One that paints all of its pictures. */
  public PreparedJob(
      Conditioning conditioning,
      StartLatents start,
      JobSources sources,
      int rows,
      List<String> warnings) {
    this(conditioning, start, null, null, sources, rows, warnings);
  }

  PictureRequest picture(PictureSettings settings) {
    if (recording != null) {
      return recording.request();
    }
    return new PictureRequest(
        settings,
        conditioning,
        edit == null ? start : edit.start(),
        sources.adapters(),
        sources.controls());
  }

  /**
   * A picture, as the caller gets it.
   *
   * @param latents after the last step
   */
  public Picture finished(DiffusionModel model, HostTensor latents) {
    return edit == null ? model.decode(latents) : edit.finished(latents);
  }

  /** Lets go of everything; to do so again changes nothing. */
  @Override
  public void close() {
    sources.close();
    if (edit != null) {
      edit.close();
    }
    if (recording != null) {
      recording.abandon();
    }
  }
}
