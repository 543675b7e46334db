package dev.fresco.training.runtime;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingPlan;
import dev.fresco.contracts.training.TrainingSetup;
import dev.fresco.engine.training.AdamW;
import dev.fresco.engine.training.DiffusionTarget;
import dev.fresco.engine.training.DiffusionTransformerShape;
import dev.fresco.engine.training.LanguageModelShape;
import dev.fresco.planning.pipeline.ModelChunks;
import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.training.ScheduleText;
import dev.fresco.trainer.spec.DataSpec;
import dev.fresco.trainer.spec.ModelSpec;
import dev.fresco.trainer.spec.OptimiserSpec;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.spec.TrainingSpec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Jobs and plans in the trainer's words. */
final class PipelineSpecs {
  /** A byte is a token. */
  private static final int BYTES = 256;

  private PipelineSpecs() {}

  /**
   * What a job of a pipeline's kind trains.
   *
   * @param data file that the stages read
   * @throws IllegalArgumentException if its sizes contradict each other
   */
  static TrainingSpec of(TrainingJob job, Path data) {
    TrainingSetup setup = job.setup();
    return new TrainingSpec(
        model(setup),
        data(setup, data),
        new PipelineSpec(job.replicas(), ModelChunks.onePerStage(job.stages()), job.microbatches()),
        new OptimiserSpec(adamW(setup.optimizer()), limit(setup.optimizer())),
        setup.seed(),
        job.iterations());
  }

  static AdamW adamW(TrainingSetup.Optimizer optimizer) {
    return new AdamW(
        optimizer.learningRate(),
        optimizer.beta1(),
        optimizer.beta2(),
        optimizer.epsilon(),
        optimizer.weightDecay());
  }

  static double limit(TrainingSetup.Optimizer optimizer) {
    return optimizer.gradientLimit() == null ? Double.POSITIVE_INFINITY : optimizer.gradientLimit();
  }

  private static ModelSpec model(TrainingSetup setup) {
    TrainingSetup.ModelSizes sizes = setup.sizes();
    if (sizes.latents() == null) {
      return new ModelSpec.LanguageModel(
          new LanguageModelShape(
              BYTES,
              sizes.positions(),
              sizes.channels(),
              sizes.heads(),
              sizes.hidden(),
              sizes.layers()));
    }
    TrainingSetup.Latents latents = sizes.latents();
    return new ModelSpec.DiffusionTransformer(
        new DiffusionTransformerShape(
            new DiffusionTransformerShape.Latents(
                latents.channels(), latents.height(), latents.width(), latents.patch()),
            latents.labels(),
            sizes.channels(),
            sizes.heads(),
            sizes.hidden(),
            sizes.layers()));
  }

  private static DataSpec data(TrainingSetup setup, Path data) {
    return setup.sizes().latents() == null
        ? new DataSpec.Text(data.toString(), setup.rows(), setup.sizes().positions())
        : new DataSpec.Latents(data.toString(), setup.rows(), DiffusionTarget.VELOCITY);
  }

  /** A plan as a run takes it. */
  static PipelinePlan plan(TrainingJob job, TrainingPlan plan) {
    Map<Integer, Integer> delegates = new HashMap<>();
    for (int link = 0; link < plan.delegates().size(); link++) {
      if (plan.delegates().get(link) > 0) {
        delegates.put(link, plan.delegates().get(link));
      }
    }
    return new PipelinePlan(
        plan.name(),
        ScheduleText.read(job.microbatches(), plan.stages()),
        delegates,
        plan.hosts() == null ? List.of() : plan.hosts());
  }
}
