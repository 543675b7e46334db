package dev.fresco.trainer.spec;

import dev.fresco.contracts.Require;
import dev.fresco.planning.pipeline.ModelChunks;

/**
 * How the model lies over stages, and how a batch over replicas.
 *
 * @param replicas of the whole pipeline, each with microbatches of its own, at least 1
 * @param chunks the stages of one replica and what each has of the model
 * @param microbatches of an iteration in each replica, at least 1
 */
public record PipelineSpec(int replicas, ModelChunks chunks, int microbatches) {
  public PipelineSpec {
    Require.atLeast("replicas", replicas, 1);
    Require.present("chunks", chunks);
    Require.atLeast("microbatches", microbatches, 1);
  }

  /** Of all replicas. */
  public int batch() {
    return replicas * microbatches;
  }
}
