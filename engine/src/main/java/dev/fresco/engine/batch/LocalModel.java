package dev.fresco.engine.batch;

import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.checkpoint.Checkpoint;
import dev.fresco.engine.kernel.KernelClock;
import java.nio.file.Path;

/** A model in this process, with what benchmarks and comparisons look at. */
public interface LocalModel extends DiffusionModel {

  /**
   * Loads a checkpoint of any family: a folder in the diffusers layout, or a single file.
   *
   * @throws dev.fresco.engine.EngineException naming what is wrong with the checkpoint and where;
   *     nothing stays allocated
   */
  static LocalModel load(Path path, ModelSettings settings) {
    return CheckpointModel.load(Checkpoint.open(path), settings);
  }

  @Override
  <K> ModelBatch<K> newBatch();

  /**
   * The picture of {@link #decode} before it is rounded to bytes.
   *
   * @return {@code [3, height, width]} in 0..1
   */
  HostTensor decodeUnrounded(HostTensor latents);

  /** Over all kernels of this model. */
  KernelClock clock();
}
