package dev.fresco.planning.pipeline;

/**
 * What one microbatch costs a stage. Times are in any unit, the same for all of a pipeline; a stage
 * with several chunks takes an equal part of them for each chunk.
 *
 * @param forward at least 0
 * @param inputGradient at least 0
 * @param weightGradient at least 0
 * @param memoryLimit activations of whole microbatches that fit at a time, at least 1; {@link
 *     Double#POSITIVE_INFINITY} for no limit. An activation is held from the start of its forward
 *     to the end of its input gradient; what the weight gradient needs beyond that is not counted
 */
public record StageCost(
    double forward, double inputGradient, double weightGradient, double memoryLimit) {
  public StageCost {
    time("forward", forward);
    time("inputGradient", inputGradient);
    time("weightGradient", weightGradient);
    if (!(memoryLimit >= 1)) {
      throw new IllegalArgumentException("memoryLimit is " + memoryLimit + "; the least is 1");
    }
  }

  /** Without a limit of memory. */
  public static StageCost of(double forward, double inputGradient, double weightGradient) {
    return new StageCost(forward, inputGradient, weightGradient, Double.POSITIVE_INFINITY);
  }

  /** Of all three for one microbatch. */
  public double total() {
    return forward + inputGradient + weightGradient;
  }

  /** Of one kind for one microbatch. */
  double of(Operation.Kind kind) {
    return switch (kind) {
      case FORWARD -> forward;
      case INPUT_GRADIENT -> inputGradient;
      case WEIGHT_GRADIENT -> weightGradient;
      case BACKWARD -> inputGradient + weightGradient;
    };
  }

  StageCost withMemoryLimit(double activations) {
    return new StageCost(forward, inputGradient, weightGradient, activations);
  }

  static void time(String field, double time) {
    if (!(time >= 0) || Double.isInfinite(time)) {
      throw new IllegalArgumentException(
          field + " is " + time + "; the least is 0, and it must be finite");
    }
  }
}
