package dev.fresco.engine.sampler;

import java.util.Arrays;

/**
 * The timesteps and noise levels of the exponential integrators, DPM-Solver++ and UniPC. Unlike
 * others they leave out the cleanest timestep, since they go on from there to the end by
 * themselves.
 */
final class SolverGrid {
  private final NoiseTable noise;
  private final SigmaTable sigmas;
  private final SigmaSchedule schedule;
  private final TimestepSpacing spacing;
  private final int offset;
  private final Habits habits;

  /**
   * In what the two reference classes differ.
   *
   * @param end the timesteps are below this one
   * @param roundsToNearest how the timesteps of Karras' levels become whole: else they are cut
   * @param endsAtLastKarras whether a schedule of Karras' that does not end at 0 ends where its
   *     last step starts; else at the table's least level
   */
  private record Habits(int end, boolean roundsToNearest, boolean endsAtLastKarras) {}

  private SolverGrid(SchedulerConfig config, NoiseTable noise, boolean karras, Habits habits) {
    this.noise = noise;
    this.sigmas = noise.sigmas();
    this.schedule = SigmaSchedule.of(config, karras);
    this.spacing = config.choice("timestep_spacing", TimestepSpacing.LINSPACE);
    this.offset = config.integer("steps_offset", 0, 0, habits.end);
    this.habits = habits;
  }

  static SolverGrid ofDpmSolver(SchedulerConfig config, boolean karras) {
    NoiseTable noise = NoiseTable.of(config);
    double leastLambda = config.real("lambda_min_clipped", Double.NEGATIVE_INFINITY);
    int end = noise.sigmas().timestepsFromLambda(leastLambda);
    if (end < 2) {
      throw config.refusal("lambda_min_clipped", "leaves no timesteps");
    }
    boolean nearest =
        config.choice("beta_schedule", BetaSchedule.LINEAR) != BetaSchedule.SQUAREDCOS_CAP_V2;
    return new SolverGrid(config, noise, karras, new Habits(end, nearest, false));
  }

  static SolverGrid ofUniPc(SchedulerConfig config, boolean karras) {
    NoiseTable noise = NoiseTable.of(config);
    return new SolverGrid(config, noise, karras, new Habits(noise.trainingSteps(), true, true));
  }

  /** Whether the last step ends without any noise. */
  boolean endsClean() {
    return schedule.ending() == SigmaSchedule.Ending.ZERO;
  }

  /**
   * The steps that a number of them visits.
   *
   * @throws dev.fresco.engine.EngineException if there is no such number of distinct steps
   */
  SolverLevels levels(int steps) {
    noise.requireSteps(steps);
    double[] timesteps = timesteps(steps);
    double[] spaced = new double[steps];
    for (int i = 0; i < steps; i++) {
      if (!schedule.karras()) {
        noise.requireTimestep(timesteps[i], steps);
      }
      spaced[i] = sigmas.at(timesteps[i]);
    }
    double[] starts = schedule.starts(spaced, sigmas.last(), sigmas.first());
    if (schedule.karras()) {
      for (int i = 0; i < steps; i++) {
        timesteps[i] = whole(sigmas.timestepOf(starts[i]));
      }
    }
    boolean endsAtLast = schedule.karras() && habits.endsAtLastKarras;
    double leastEnd = endsAtLast ? starts[steps - 1] : sigmas.first();
    return new SolverLevels(timesteps, schedule.levels(starts, leastEnd));
  }

  private double[] timesteps(int steps) {
    int end = habits.end;
    return switch (spacing) {
      case LINSPACE ->
          withoutLast(TimestepSpacing.rounded(TimestepSpacing.linspace(end - 1, steps + 1)));
      case LEADING -> withoutLast(TimestepSpacing.leading(end / (steps + 1), offset, steps + 1));
      case TRAILING -> TimestepSpacing.trailing(end, noise.trainingSteps() / (double) steps, steps);
    };
  }

  /** The network is told whole timesteps. */
  private double whole(double timestep) {
    return habits.roundsToNearest ? Math.rint(timestep) : Math.floor(timestep);
  }

  private static double[] withoutLast(double[] values) {
    return Arrays.copyOf(values, values.length - 1);
  }
}
