package dev.fresco.worker.loop;

import dev.fresco.planning.batching.StepOutcome;
import dev.fresco.planning.batching.StepPlan;
import dev.fresco.planning.cost.CostModel;
import dev.fresco.planning.cost.StepWork;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** How full the batch is and how long its steps take. */
public final class LoopMeters {
  /** Share of the newest step in {@link #stepMillis()}. */
  private static final double NEWEST = 0.2;

  private final DistributionSummary batchSize;
  private final Timer stepTime;
  private final Counter outOfMemory;
  private volatile double stepMillis;
  private volatile CostModel costs = CostModel.empty();

  public LoopMeters(MeterRegistry meters) {
    batchSize =
        DistributionSummary.builder("fresco.worker.batch.size")
            .description("pictures in a denoising step")
            .register(meters);
    stepTime =
        Timer.builder("fresco.worker.step")
            .description("time of one denoising step of the whole batch")
            .publishPercentiles(0.5, 0.95)
            .register(meters);
    outOfMemory =
        Counter.builder("fresco.worker.out.of.memory")
            .description("attempts of the batch that memory was short for")
            .register(meters);
    Gauge.builder("fresco.worker.step.cost.r2", this, of -> of.costs.rSquared())
        .description("share of the variance of steps' times that was foreseen from their work")
        .register(meters);
  }

  /**
   * Takes a step.
   *
   * @param worked what all members' step had to do, asked after it, as {@link
   *     dev.fresco.worker.job.BatchRun#worked} counts it
   */
  StepOutcome timed(
      StepPlan plan, Supplier<StepOutcome> step, Function<StepPlan, StepWork> worked) {
    long start = System.nanoTime();
    StepOutcome outcome = step.get();
    long nanos = System.nanoTime() - start;
    stepTime.record(nanos, TimeUnit.NANOSECONDS);
    batchSize.record(plan.stepping().size());
    double millis = nanos / 1e6;
    stepMillis = stepMillis == 0 ? millis : stepMillis + NEWEST * (millis - stepMillis);
    StepWork work = worked.apply(plan);
    if (outcome.advanced().size() == plan.stepping().size()) {
      observed(work, millis);
    }
    return outcome;
  }

  /** A step of this work took so long. */
  void observed(StepWork work, double millis) {
    costs = costs.observed(work, millis);
  }

  /** What steps cost, as far as they show. */
  public CostModel costs() {
    return costs;
  }

  /** Memory was short for an attempt. */
  void outOfMemory() {
    outOfMemory.increment();
  }

  /** A moving average; 0 before the first step. */
  public double stepMillis() {
    return stepMillis;
  }
}
