package dev.fresco.engine.sampler;

import dev.fresco.engine.sampler.StepCoefficients.CleanEstimate;
import dev.fresco.engine.sampler.StepCoefficients.Next;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * DPM-Solver++ 2M (arXiv:2211.01095, algorithm 2): an exponential integrator in the clean picture
 * that extrapolates from the step before. The first step, and the last where it is unstable, are of
 * first order. Agrees with diffusers' {@code DPMSolverMultistepScheduler}.
 *
 * <p>With sigma the noise to signal, lambda = -log(sigma), h the growth of lambda in this step, h0
 * in the one before, and phi = signal' * (1 - exp(-h)):
 *
 * <pre>
 *   x' = (noise' / noise) * x + phi * x0 + (phi / 2) * (h / h0) * (x0 - previous x0)
 * </pre>
 */
final class DpmSolverSampler implements Sampler {
  /** With fewer steps than this, {@code lower_order_final} applies, as in the reference. */
  private static final int STABLE_STEPS = 15;

  /** How the slope of the clean picture enters ({@code solver_type}). */
  enum SolverType {
    MIDPOINT,
    HEUN
  }

  private final NoiseTable noise;
  private final SigmaTable sigmas;
  private final Grid grid;
  private final Prediction prediction;
  private final SigmaSchedule schedule;
  private final Order order;

  private DpmSolverSampler(SchedulerConfig config, boolean karras) {
    refuseUnsupported(config);
    noise = NoiseTable.of(config);
    sigmas = noise.sigmas();
    grid = Grid.of(config, sigmas);
    prediction = config.choice("prediction_type", Prediction.EPSILON);
    schedule = SigmaSchedule.of(config, karras);
    order = Order.of(config, schedule);
  }

  static DpmSolverSampler of(SchedulerConfig config, boolean karras) {
    return new DpmSolverSampler(config, karras);
  }

  @Override
  public SamplerSchedule schedule(int steps) {
    noise.requireSteps(steps);
    double[] timesteps = grid.timesteps(steps, noise.trainingSteps());
    double[] spaced = new double[steps];
    for (int i = 0; i < steps; i++) {
      if (!schedule.karras()) {
        noise.requireTimestep(timesteps[i], steps);
      }
      spaced[i] = sigmas.at(timesteps[i]);
    }
    double[] starts = schedule.starts(spaced, sigmas.last(), sigmas.first());
    double[] levels = schedule.levels(starts, sigmas);
    List<StepCoefficients> coefficients = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      double timestep = schedule.karras() ? grid.whole(sigmas.timestepOf(starts[i])) : timesteps[i];
      double signal = 1 / Math.sqrt(levels[i] * levels[i] + 1);
      CleanEstimate x0 = prediction.x0(signal, levels[i] * signal);
      Next next = order.isFirst(i, steps) ? firstOrder(levels, i) : secondOrder(levels, i);
      coefficients.add(new StepCoefficients(timestep, 1, x0, next));
    }
    return new SamplerSchedule(1, coefficients);
  }

  private static Next firstOrder(double[] levels, int step) {
    return new Next(noiseKept(levels, step), 0, phi(levels, step), 0);
  }

  private Next secondOrder(double[] levels, int step) {
    double growth = Math.log(levels[step] / levels[step + 1]);
    double growthBefore = Math.log(levels[step - 1] / levels[step]);
    double phi = phi(levels, step);
    double slope =
        switch (order.solver()) {
          case MIDPOINT -> phi / 2;
          case HEUN -> signal(levels[step + 1]) - phi / growth;
        };
    double weight = slope * growth / growthBefore;
    return new Next(noiseKept(levels, step), 0, phi + weight, -weight);
  }

  private static double phi(double[] levels, int step) {
    return signal(levels[step + 1]) * (1 - levels[step + 1] / levels[step]);
  }

  private static double noiseKept(double[] levels, int step) {
    return levels[step + 1] * signal(levels[step + 1]) / (levels[step] * signal(levels[step]));
  }

  private static double signal(double sigma) {
    return 1 / Math.sqrt(sigma * sigma + 1);
  }

  private static void refuseUnsupported(SchedulerConfig config) {
    config.mustBe("algorithm_type", "dpmsolver++");
    config.mustBe("solver_order", "2");
    config.mustBe("thresholding", "false");
    config.mustBe("use_lu_lambdas", "false");
    config.mustBe("use_flow_sigmas", "false");
    config.mustBe("use_dynamic_shifting", "false");
    config.mustBe("variance_type");
  }

  /** Where the second order is used. */
  private record Order(SolverType solver, boolean lowerFinal, boolean alwaysLowerFinal) {
    static Order of(SchedulerConfig config, SigmaSchedule schedule) {
      String type = config.text("solver_type", "midpoint");
      // Solver types of other classes, for which the reference takes its own default.
      boolean foreign = List.of("logrho", "bh1", "bh2").contains(type);
      return new Order(
          foreign ? SolverType.MIDPOINT : config.choice("solver_type", SolverType.MIDPOINT),
          config.flag("lower_order_final", true),
          config.flag("euler_at_final", false) || schedule.ending() == SigmaSchedule.Ending.ZERO);
    }

    boolean isFirst(int step, int steps) {
      boolean last = step == steps - 1;
      return step == 0 || last && (alwaysLowerFinal || lowerFinal && steps < STABLE_STEPS);
    }
  }

  /** The timesteps, of which this solver leaves out the cleanest that others take. */
  private record Grid(TimestepSpacing spacing, int offset, int end, boolean roundsToNearest) {
    static Grid of(SchedulerConfig config, SigmaTable sigmas) {
      int end =
          sigmas.timestepsFromLambda(config.real("lambda_min_clipped", Double.NEGATIVE_INFINITY));
      if (end < 2) {
        throw config.refusal("lambda_min_clipped", "leaves no timesteps");
      }
      return new Grid(
          config.choice("timestep_spacing", TimestepSpacing.LINSPACE),
          config.integer("steps_offset", 0, 0, end),
          end,
          config.choice("beta_schedule", BetaSchedule.LINEAR) != BetaSchedule.SQUAREDCOS_CAP_V2);
    }

    double[] timesteps(int steps, int trainingSteps) {
      return switch (spacing) {
        case LINSPACE ->
            withoutLast(TimestepSpacing.rounded(TimestepSpacing.linspace(end - 1, steps + 1)));
        case LEADING -> withoutLast(TimestepSpacing.leading(end / (steps + 1), offset, steps + 1));
        case TRAILING -> TimestepSpacing.trailing(end, trainingSteps / (double) steps, steps);
      };
    }

    /** The network is told whole timesteps. */
    double whole(double timestep) {
      return roundsToNearest ? Math.rint(timestep) : Math.floor(timestep);
    }

    private static double[] withoutLast(double[] values) {
      return Arrays.copyOf(values, values.length - 1);
    }
  }
}
