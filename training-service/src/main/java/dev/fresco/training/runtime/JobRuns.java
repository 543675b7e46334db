package dev.fresco.training.runtime;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.trainer.process.ProcessSettings;
import dev.fresco.trainer.process.ProcessStages;
import dev.fresco.trainer.run.StageLauncher;
import dev.fresco.trainer.run.ThreadStages;
import dev.fresco.training.data.TrainingDataStore;
import dev.fresco.training.plan.TrainingPlans;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.springframework.stereotype.Component;

/** Makes the run of a job. */
@Component
final class JobRuns {
  private final RuntimeSettings settings;
  private final TrainingDataStore data;
  private final TrainingPlans plans;
  private final EventPublisher events;
  private final JobNews news;
  private final LoraOutput loraOutput;

  JobRuns(
      RuntimeSettings settings,
      TrainingDataStore data,
      TrainingPlans plans,
      EventPublisher events,
      JobNews news,
      LoraOutput loraOutput) {
    this.settings = settings;
    this.data = data;
    this.plans = plans;
    this.events = events;
    this.news = news;
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
    return new PipelineRun(
        job, file, folder.resolve("checkpoints"), launcher(folder), plans, events, news.of(job));
  }

  private JobRun lora(TrainingJob job, Path folder) throws IOException {
    Path pictures = folder.resolve("pictures");
    data.copy(job.setup().data(), pictures);
    return new LoraRun(job, folder, pictures, settings, news.of(job), loraOutput);
  }

  private StageLauncher launcher(Path folder) {
    return switch (settings.stages()) {
      case THREADS -> new ThreadStages();
      case PROCESSES ->
          new ProcessStages(
              new ProcessSettings(
                  List.of("-Xmx1g", "-Dai.djl.offline=true"),
                  settings.stageThreads(),
                  folder.resolve("logs")));
    };
  }
}
