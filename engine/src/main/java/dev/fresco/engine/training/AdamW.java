package dev.fresco.engine.training;

import ai.djl.ndarray.NDManager;
import dev.fresco.engine.EngineException;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2) in the form of
 * PyTorch's {@code AdamW}: both moments corrected for their bias, epsilon added to the corrected
 * root, decay times the learning rate. All weights decay.
 *
 * @param learningRate above 0
 * @param beta1 of the first moment, from 0 to below 1
 * @param beta2 of the second moment, from 0 to below 1
 * @param epsilon above 0
 * @param weightDecay 0 or more
 */
public record AdamW(
    double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
  public AdamW {
    require("learning rate", learningRate, learningRate > 0);
    require("beta1", beta1, beta1 >= 0 && beta1 < 1);
    require("beta2", beta2, beta2 >= 0 && beta2 < 1);
    require("epsilon", epsilon, epsilon > 0);
    require("weight decay", weightDecay, weightDecay >= 0);
  }

  private static void require(String name, double value, boolean fits) {
    if (!fits) {
      throw new IllegalArgumentException("%s is %s, out of its range".formatted(name, value));
    }
  }

  /** PyTorch's defaults for all but the learning rate. */
  public static AdamW withRate(double learningRate) {
    return new AdamW(learningRate, 0.9, 0.999, 1e-8, 0.01);
  }

  /** Like {@link #squaredNorm(ParameterSet)}, of a stage. */
  public static double squaredNorm(StageParameters stage) {
    return squaredNorm(stage.all());
  }

  /**
   * The sum of the squares of summed gradients, in fp64.
   *
   * @throws EngineException if the kernel fails
   */
  public static double squaredNorm(ParameterSet parameters) {
    return parameters.squaredNorm(Parameter::gradient);
  }

  /** Like {@link #step(ParameterSet, double)}, of a stage. */
  public void step(StageParameters stage, double scale) {
    step(stage.all(), scale);
  }

  /**
   * One step. Gradients are zero afterwards.
   *
   * @param scale that gradients are multiplied by, of {@link GradientClipping#scale}
   * @throws EngineException if the scale is not finite, and nothing changes; or if the kernel fails
   */
  public void step(ParameterSet parameters, double scale) {
    if (!Double.isFinite(scale)) {
      throw new EngineException("gradients of %s are not finite".formatted(parameters.owner()));
    }
    long step = parameters.steps() + 1;
    try (NDManager scope = parameters.manager().newSubManager()) {
      parameters
          .kernels()
          .kernel("adamw")
          .call("step")
          .tensors(parameters.each(Parameter::weight))
          .tensors(parameters.each(Parameter::gradient))
          .tensors(parameters.each(Parameter::firstMoment))
          .tensors(parameters.each(Parameter::secondMoment))
          .decimal(scale)
          .decimal(learningRate / (1 - Math.pow(beta1, step)))
          .decimal(beta1)
          .decimal(beta2)
          .decimal(Math.sqrt(1 - Math.pow(beta2, step)))
          .decimal(epsilon)
          .decimal(1 - learningRate * weightDecay)
          .run(scope);
    }
    parameters.setSteps(step);
  }
}
