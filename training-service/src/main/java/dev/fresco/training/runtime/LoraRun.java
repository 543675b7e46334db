package dev.fresco.training.runtime;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingProgress;
import dev.fresco.contracts.training.TrainingSetup;
import dev.fresco.engine.NotFiniteException;
import dev.fresco.engine.finetune.FineTuneOutcome;
import dev.fresco.engine.finetune.FineTuneSettings;
import dev.fresco.engine.finetune.FineTuneStep;
import dev.fresco.engine.finetune.LoraFineTuning;
import java.nio.file.Path;

/**
 * The training of a LoRA. With each checkpoint a sample is painted; when it is finished, the
 * adapter is published.
 */
final class LoraRun implements JobRun {
  private final TrainingJob job;
  private final FineTuneSettings settings;
  private final JobNews.OfJob news;
  private final LoraOutput output;
  private volatile boolean stopping;
  private long saved;

  LoraRun(
      TrainingJob job,
      Path folder,
      Path pictures,
      RuntimeSettings runtime,
      JobNews.OfJob news,
      LoraOutput output) {
    this.job = job;
    this.news = news;
    this.output = output;
    TrainingSetup setup = job.setup();
    TrainingSetup.Lora lora = setup.lora();
    settings =
        new FineTuneSettings(
            new FineTuneSettings.Places(
                runtime.models().resolve(job.model()), pictures, folder, runtime.device()),
            new FineTuneSettings.Lora(lora.rank(), lora.alpha()),
            new FineTuneSettings.Size(lora.width(), lora.height()),
            new FineTuneSettings.Course(
                job.iterations(),
                setup.rows(),
                job.microbatches(),
                PipelineSpecs.limit(setup.optimizer()),
                setup.seed(),
                setup.checkpointEvery()),
            PipelineSpecs.adamW(setup.optimizer()));
  }

  @Override
  public Result run() {
    news.started();
    FineTuneOutcome outcome;
    try {
      outcome = LoraFineTuning.run(settings, this::stepped, () -> stopping);
    } catch (NotFiniteException e) {
      return Result.failed(ErrorCode.NOT_FINITE, e.getMessage());
    }
    checkpointed(outcome.steps());
    return outcome.finished() ? output.publish(job, outcome) : Result.stopped();
  }

  private void stepped(FineTuneStep step) {
    if (saved > 0) {
      // A checkpoint is written after its step was told.
      checkpointed(saved);
    }
    saved = step.number() % job.setup().checkpointEvery() == 0 ? step.number() : 0;
    news.progressed(
        new TrainingProgress(step.number(), step.loss(), step.millis(), 0),
        step.number() == job.iterations());
  }

  private void checkpointed(long iterations) {
    news.checkpointed(iterations);
    if (!stopping) {
      output.sample(job, settings, iterations, news);
    }
  }

  @Override
  public void stop() {
    stopping = true;
  }
}
