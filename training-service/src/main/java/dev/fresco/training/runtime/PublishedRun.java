package dev.fresco.training.runtime;

import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.trainer.checkpoint.CheckpointStore;

/**
 * A pipeline's run whose model is published when it is finished.
 *
 * @param pieces of the model
 */
record PublishedRun(
    JobRun training, TrainingJob job, CheckpointStore checkpoints, int pieces, TrainedModels models)
    implements JobRun {
  @Override
  public Result run() throws InterruptedException {
    Result result = training.run();
    return result.end() == End.FINISHED ? models.publish(job, checkpoints, pieces) : result;
  }

  @Override
  public void stop() {
    training.stop();
  }
}
