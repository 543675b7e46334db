package dev.fresco.training.runtime;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.contracts.training.TrainingProgress;
import dev.fresco.contracts.training.TrainingSetup;
import dev.fresco.contracts.training.TrainingTelemetry;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.trainer.checkpoint.Checkpoint;
import dev.fresco.trainer.link.LinkConditions;
import dev.fresco.trainer.run.IterationReport;
import dev.fresco.trainer.run.RunListener;
import dev.fresco.trainer.run.RunOutcome;
import dev.fresco.trainer.run.RunSettings;
import dev.fresco.trainer.run.StageLauncher;
import dev.fresco.trainer.run.TrainingRun;
import dev.fresco.training.plan.TrainingPlans;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** A pipeline's run: telemetry goes out, plans come in between two iterations. */
final class PipelineRun implements JobRun {
  private static final Logger log = LoggerFactory.getLogger(PipelineRun.class);

  private final TrainingJob job;
  private final TrainingPlans plans;
  private final EventPublisher events;
  private final JobNews.OfJob news;
  private final TrainingRun run;
  private int planNumber;

  /**
   * @param data file that the stages read
   * @param settings with the folder of this job's checkpoints
   * @throws IllegalArgumentException if the data do not fit the model
   */
  PipelineRun(
      TrainingJob job,
      Path data,
      RunSettings settings,
      StageLauncher launcher,
      TrainingPlans plans,
      EventPublisher events,
      JobNews.OfJob news) {
    this.job = job;
    this.plans = plans;
    this.events = events;
    this.news = news;
    TrainingPlan first = plans.of(job);
    planNumber = first.number();
    run =
        new TrainingRun(
            PipelineSpecs.of(job, data),
            settings,
            launcher,
            PipelineSpecs.plan(job, first),
            this::nextPlan,
            new Listener());
  }

  @Override
  public Result run() throws InterruptedException {
    RunOutcome outcome = run.run();
    return switch (outcome.state()) {
      case FINISHED -> Result.finished(null);
      case STOPPED -> Result.stopped();
      case NOT_FINITE -> Result.failed(ErrorCode.NOT_FINITE, outcome.reason());
      case FAILED -> Result.failed(ErrorCode.ENGINE_FAILURE, outcome.reason());
    };
  }

  @Override
  public void stop() {
    run.stop();
  }

  private Optional<PipelinePlan> nextPlan() {
    try {
      if (plans.numberOf(job) <= planNumber) {
        return Optional.empty();
      }
      TrainingPlan newest = plans.of(job);
      planNumber = newest.number();
      return Optional.of(PipelineSpecs.plan(job, newest));
    } catch (DataAccessException e) {
      log.warn("cannot look for a plan of {}: {}", job.id(), e.toString());
      return Optional.empty();
    }
  }

  /** Links look slow in the iterations that the job names. */
  private void slowLinks(long iteration) {
    for (TrainingSetup.SlowLink link : job.setup().slowLinks()) {
      boolean begins = link.fromIteration() <= iteration;
      boolean over = link.toIteration() != null && link.toIteration() <= iteration;
      Duration delay = Duration.ofNanos((long) (link.delayMillis() * 1e6));
      run.impairments()
          .between(
              link.host(),
              link.otherHost(),
              begins && !over ? LinkConditions.delayed(delay) : LinkConditions.HEALTHY);
    }
  }

  private final class Listener implements RunListener {
    @Override
    public void started(int attempt, long iteration) {
      slowLinks(iteration);
      news.started();
    }

    @Override
    public void iterated(IterationReport report) {
      for (TrainingTelemetry one : StageTelemetry.of(job, report)) {
        events.publish(Topics.TRAINING_TELEMETRY, job.id(), one);
      }
      slowLinks(report.iteration() + 1);
      long done = report.iteration() + 1;
      TrainingProgress progress =
          new TrainingProgress(done, report.loss(), report.millis(), report.bubbleRatio());
      news.progressed(progress, done == job.iterations());
    }

    @Override
    public void planTaken(PipelinePlan plan, long iteration) {
      log.info("{} runs by plan {} from iteration {} on", job.id(), plan.name(), iteration);
    }

    @Override
    public void planRefused(PipelinePlan plan, List<String> problems) {
      log.error("{} cannot use plan {}: {}", job.id(), plan.name(), problems);
    }

    @Override
    public void saved(Checkpoint checkpoint) {
      news.checkpointed(checkpoint.iteration());
    }

    @Override
    public void stageLost(int attempt, String reason) {
      log.warn("{} starts again from its newest checkpoint: {}", job.id(), reason);
      news.restarted(reason);
    }
  }
}
