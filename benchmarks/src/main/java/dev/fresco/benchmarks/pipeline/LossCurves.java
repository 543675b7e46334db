package dev.fresco.benchmarks.pipeline;

import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.PipelineShape;
import dev.fresco.planning.pipeline.StageCost;
import dev.fresco.trainer.run.IterationReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Losses of a model that is trained by one process, by a pipeline under each schedule, and by a
 * pipeline whose schedule changes all the time.
 *
 * @param pipeline with a slow link, for which the adapted schedule is
 */
record LossCurves(TrainedPipeline pipeline, int iterations) {
  static final String ALONE = "one process";
  static final String CHANGING = "changing";
  private static final int PLAN_LASTS = 3;

  /** Plans in turn; one for ever. */
  private static final class Recording implements Experiment {
    private final List<PipelinePlan> plans;
    private final List<Double> losses = new ArrayList<>();
    private int asked;

    Recording(List<PipelinePlan> plans) {
      this.plans = plans;
    }

    @Override
    public Optional<PipelinePlan> get() {
      int iteration = asked++;
      return plans.size() > 1 && iteration % PLAN_LASTS == 0
          ? Optional.of(plans.get(iteration / PLAN_LASTS % plans.size()))
          : Optional.empty();
    }

    @Override
    public void iterated(IterationReport report) {
      losses.add(report.loss());
    }
  }

  /** By name, the loss of each iteration. */
  Map<String, List<Double>> losses() throws IOException, InterruptedException {
    Map<String, List<Double>> losses = new LinkedHashMap<>();
    losses.put(ALONE, alone());
    List<PipelinePlan> plans = new ArrayList<>();
    for (Way way : Way.values()) {
      plans.add(pipeline.plan(way));
      losses.put(way.words(), losses(pipeline, List.of(pipeline.plan(way))));
    }
    losses.put(CHANGING, losses(pipeline, plans));
    return losses;
  }

  /** A pipeline of one stage: it has no links. */
  private List<Double> alone() throws IOException, InterruptedException {
    int microbatches = pipeline.shape().microbatches();
    PipelineShape shape = PipelineShape.uniform(1, microbatches, StageCost.of(1, 1, 1));
    TrainedPipeline alone = new TrainedPipeline(pipeline.model(), shape, Duration.ZERO);
    return losses(alone, List.of(alone.plan(Way.ONE_FORWARD_ONE_BACKWARD)));
  }

  private List<Double> losses(TrainedPipeline trained, List<PipelinePlan> plans)
      throws IOException, InterruptedException {
    Recording recording = new Recording(plans);
    trained.train(iterations, plans.get(0), recording);
    return recording.losses;
  }

  /** The largest difference of any iteration, relative to the other. */
  static double largestDifference(List<Double> losses, List<Double> wanted) {
    double largest = 0;
    for (int i = 0; i < wanted.size(); i++) {
      largest = Math.max(largest, Math.abs(losses.get(i) - wanted.get(i)) / wanted.get(i));
    }
    return largest;
  }
}
