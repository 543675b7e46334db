package dev.fresco.training.runtime;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.trainer.checkpoint.CheckpointStore;
import dev.fresco.trainer.process.ProcessSettings;
import dev.fresco.trainer.process.ProcessStages;
import dev.fresco.trainer.run.RunSettings;
import dev.fresco.trainer.run.StageLauncher;
import dev.fresco.trainer.run.ThreadStages;
import dev.fresco.training.plan.TrainingPlans;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Makes the runs of pipelines. */
@Component
final class PipelineRuns {
  private final RuntimeSettings settings;
  private final TrainingPlans plans;
  private final EventPublisher events;
  private final TrainedModels models;

  PipelineRuns(
      RuntimeSettings settings, TrainingPlans plans, EventPublisher events, TrainedModels models) {
    this.settings = settings;
    this.plans = plans;
    this.events = events;
    this.models = models;
  }

  /**
   * The run of a job of a pipeline's kind.
   *
   * @param folder of the job
   * @param data file in it that the stages read
   * @throws IllegalArgumentException if the data do not fit the model
   */
  JobRun of(TrainingJob job, Path folder, Path data, JobNews.OfJob news) {
    Path checkpoints = folder.resolve("checkpoints");
    RunSettings how =
        RunSettings.of(
                job.id(), UUID.randomUUID().toString(), checkpoints, job.setup().checkpointEvery())
            .withAnswerLimit(settings.answerLimit());
    JobRun run = new PipelineRun(job, data, how, launcher(folder), plans, events, news);
    return job.setup().publish() == null
        ? run
        : new PublishedRun(run, job, new CheckpointStore(checkpoints, 1), job.stages(), models);
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
