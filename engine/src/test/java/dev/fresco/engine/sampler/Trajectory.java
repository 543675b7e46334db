package dev.fresco.engine.sampler;

/** Walks samples along coefficients, with an analytic function in the network's place. */
final class Trajectory {
  private Trajectory() {}

  /** One step of {@link StepCoefficients}'s formula, in place. */
  static void advance(StepCoefficients step, double[] sample, double[] previousX0) {
    StepCoefficients.Next next = step.next();
    for (int i = 0; i < sample.length; i++) {
      double input = step.inputScale() * sample[i];
      double output = 0.6 * Math.tanh(input) + 0.2 * Math.sin(step.timestep() / 100);
      double x0 = step.x0().fromSample() * sample[i] + step.x0().fromOutput() * output;
      x0 = Math.max(-step.x0().limit(), Math.min(step.x0().limit(), x0));
      sample[i] =
          next.fromSample() * sample[i]
              + next.fromOutput() * output
              + next.fromX0() * x0
              + next.fromPreviousX0() * previousX0[i];
      previousX0[i] = x0;
    }
  }

  /** {@code |actual - reference| / |reference|} in the Euclidean norm. */
  static double error(double[] actual, float[] reference) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < actual.length; i++) {
      difference += (actual[i] - reference[i]) * (actual[i] - reference[i]);
      size += (double) reference[i] * reference[i];
    }
    return Math.sqrt(difference / size);
  }
}
