package dev.fresco.training.runtime;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.training.data.TrainingDataStore;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/** Makes the run of a job. */
@Component
final class JobRuns {
  private final RuntimeSettings settings;
  private final TrainingDataStore data;
  private final JobNews news;
  private final PipelineRuns pipelines;
  private final LoraOutput loraOutput;

  JobRuns(
      RuntimeSettings settings,
      TrainingDataStore data,
      JobNews news,
      PipelineRuns pipelines,
      LoraOutput loraOutput) {
    this.settings = settings;
    this.data = data;
    this.news = news;
    this.pipelines = pipelines;
    this.loraOutput = loraOutput;
  }

  /**
   * The run of a job of a kind that Fresco runs.
   *
   * @throws IllegalArgumentException if the data do not fit the model
   * @throws dev.fresco.engine.EngineException naming what cannot be read
   */
  JobRun of(TrainingJob job) throws IOException {
    Path folder = settings.folderOf(job.id());
    return switch (job.kind()) {
      case LANGUAGE_MODEL, DIFFUSION_TRANSFORMER -> pipeline(job, folder);
      case LORA -> lora(job, folder);
      case EXTERNAL -> throw new IllegalArgumentException(job.id() + " is external");
    };
  }

  private JobRun pipeline(TrainingJob job, Path folder) throws IOException {
    Path file = folder.resolve("data");
    data.copy(job.setup().data(), file);
    return pipelines.of(job, folder, file, news.of(job));
  }

  private JobRun lora(TrainingJob job, Path folder) throws IOException {
    Path pictures = folder.resolve("pictures");
    data.copy(job.setup().data(), pictures);
    return new LoraRun(job, folder, pictures, settings, news.of(job), loraOutput);
  }
}
