package dev.fresco.worker.job;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.StartLatents;
import dev.fresco.worker.source.JobSources;
import java.util.List;

/**
 * What the engine needs of a job.
 *
 * @param start null unless it starts from a picture
 * @param sources held until the job has left the batch
 * @param rows that a picture has in the network: two if guidance runs it on both prompts
 * @param warnings about the request, for the caller
 */
public record PreparedJob(
    Conditioning conditioning,
    StartLatents start,
    JobSources sources,
    int rows,
    List<String> warnings) {
  public PreparedJob {
    warnings = List.copyOf(warnings);
  }

  PictureRequest picture(PictureSettings settings) {
    return new PictureRequest(
        settings, conditioning, start, sources.adapters(), sources.controls());
  }
}
