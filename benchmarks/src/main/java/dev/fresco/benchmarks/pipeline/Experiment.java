package dev.fresco.benchmarks.pipeline;

import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.trainer.run.Impairments;
import dev.fresco.trainer.run.RunListener;
import java.util.Optional;
import java.util.function.Supplier;

/** What is told and asked during a training run. */
interface Experiment extends RunListener, Supplier<Optional<PipelinePlan>> {
  /**
   * Before the run begins.
   *
   * @param impairments that may be changed later
   */
  default void begin(Impairments impairments) {}
}
