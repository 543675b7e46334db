package dev.fresco.benchmarks.pipeline;

import dev.fresco.benchmarks.TemporaryFolder;
import dev.fresco.engine.EngineException;
import dev.fresco.planning.pipeline.Delegates;
import dev.fresco.planning.pipeline.ModelChunks;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.trainer.link.DelayTrace;
import dev.fresco.trainer.link.LinkConditions;
import dev.fresco.trainer.run.RunOutcome;
import dev.fresco.trainer.run.RunSettings;
import dev.fresco.trainer.run.ThreadStages;
import dev.fresco.trainer.run.TrainingRun;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains a model over a pipeline whose stages are threads and whose links are TCP connections on
 * this machine, some of them made slow.
 *
 * @param shape of what the pipeline is to look like; delays in milliseconds
 * @param pace what each operation takes at least; zero for as fast as it goes
 * @param firstLink delays of the first link that change, replayed from the start of training; the
 *     shape has their mean
 */
record TrainedPipeline(
    TrainedModel model, PipelineShape shape, Duration pace, Optional<DelayTrace> firstLink) {
  /** With delays that stay as they are. */
  TrainedPipeline(TrainedModel model, PipelineShape shape, Duration pace) {
    this(model, shape, pace, Optional.empty());
  }

  /** The plan of a way for this pipeline. */
  PipelinePlan plan(Way way) {
    Map<Integer, Integer> delegates = new HashMap<>();
    for (int link = 0; way.delegates() && link < shape.links().size(); link++) {
      if (shape.links().get(link).delay() > 0) {
        delegates.put(link, Delegates.needed(shape, link));
      }
    }
    return new PipelinePlan(way.words(), way.schedule(shape), delegates);
  }

  /**
   * Trains.
   *
   * @throws EngineException if the run does not come to its end
   */
  void train(long iterations, PipelinePlan first, Experiment experiment)
      throws IOException, InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create("fresco-pipeline")) {
      ModelChunks chunks = first.schedule().chunks();
      TrainingRun run =
          new TrainingRun(
              model.spec(folder.path(), chunks, shape.microbatches(), iterations),
              RunSettings.of(
                  "bench", "bench", folder.path().resolve("checkpoints"), (int) iterations),
              new ThreadStages(),
              first,
              experiment,
              experiment);
      Instant start = Instant.now();
      for (int link = 0; link < shape.links().size(); link++) {
        DelayTrace constant = DelayTrace.constant(shape.links().get(link).delay());
        DelayTrace delays = link == 0 ? firstLink.orElse(constant) : constant;
        run.impairments().between(link, link + 1, LinkConditions.replaying(delays, start));
      }
      for (int stage = 0; stage < shape.stages().size(); stage++) {
        run.impairments().pace(stage, pace);
      }
      experiment.begin(run.impairments());
      RunOutcome outcome = run.run();
      if (outcome.state() != RunOutcome.State.FINISHED) {
        throw new EngineException("the training ended at " + outcome);
      }
    }
  }

  /** Lets plans take turns. */
  Turns measure(List<PipelinePlan> plans, int rounds, int measured)
      throws IOException, InterruptedException {
    Turns turns = new Turns(plans, rounds, measured);
    train(turns.iterations(), plans.get(0), turns);
    if (!turns.lost().isEmpty()) {
      throw new EngineException("a stage was lost while it was measured: " + turns.lost());
    }
    return turns;
  }
}
