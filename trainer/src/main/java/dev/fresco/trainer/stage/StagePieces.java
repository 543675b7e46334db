package dev.fresco.trainer.stage;

import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.training.AdamW;
import dev.fresco.engine.training.ModelShape;
import dev.fresco.engine.training.StageBlocks;
import dev.fresco.engine.training.StageCheckpoint;
import dev.fresco.engine.training.StageNetwork;
import dev.fresco.engine.training.StageParameters;
import dev.fresco.planning.pipeline.ModelChunks;
import dev.fresco.trainer.checkpoint.CheckpointFiles;
import dev.fresco.trainer.spec.TrainingSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a stage has of the model, a piece for each of its chunks. Belongs to one thread. */
public final class StagePieces implements AutoCloseable {
  private final int stage;
  private final ModelChunks chunks;
  private final List<StageParameters> parameters = new ArrayList<>();
  private final List<StageNetwork> networks = new ArrayList<>();

  private StagePieces(int stage, ModelChunks chunks) {
    this.stage = stage;
    this.chunks = chunks;
  }

  /** Makes or reads the weights of some blocks. */
  private interface Source {
    StageParameters of(int piece, ModelShape shape, StageBlocks blocks);
  }

  /** With the weights that a run starts with. */
  public static StagePieces draw(KernelLibrary kernels, TrainingSpec spec, int stage) {
    return make(
        spec,
        stage,
        (piece, shape, blocks) -> StageParameters.draw(kernels, shape, blocks, spec.seed()));
  }

  /**
   * As saved.
   *
   * @param folder of one checkpoint
   * @throws dev.fresco.engine.EngineException naming the file and what is wrong with it
   */
  public static StagePieces load(KernelLibrary kernels, TrainingSpec spec, int stage, Path folder) {
    return make(
        spec,
        stage,
        (piece, shape, blocks) ->
            StageCheckpoint.load(kernels, shape, blocks, CheckpointFiles.piece(folder, piece)));
  }

  private static StagePieces make(TrainingSpec spec, int stage, Source source) {
    ModelChunks chunks = spec.pipeline().chunks();
    StagePieces made = new StagePieces(stage, chunks);
    try {
      for (int chunk = 0; chunk < chunks.perStage(); chunk++) {
        made.add(spec, chunks.piece(stage, chunk), source);
      }
      return made;
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private void add(TrainingSpec spec, int piece, Source source) {
    ModelShape shape = spec.model().shape();
    StageBlocks blocks = StageBlocks.evenly(shape.layers(), chunks.pieces()).get(piece);
    parameters.add(source.of(piece, shape, blocks));
    networks.add(new StageNetwork(parameters.get(parameters.size() - 1)));
  }

  /** By chunk. */
  public List<StageNetwork> networks() {
    return List.copyOf(networks);
  }

  /** Iterations whose gradients are in the weights. */
  public long steps() {
    return parameters.get(0).steps();
  }

  /** Of the sums of gradients, by piece. */
  public SortedMap<Integer, Double> squaredNorms() {
    SortedMap<Integer, Double> norms = new TreeMap<>();
    for (int chunk = 0; chunk < parameters.size(); chunk++) {
      norms.put(chunks.piece(stage, chunk), AdamW.squaredNorm(parameters.get(chunk)));
    }
    return norms;
  }

  /** Makes the sums of gradients those of all replicas. */
  void addUp(ReplicaGroup replicas, long iteration) throws InterruptedException {
    for (int chunk = 0; chunk < parameters.size(); chunk++) {
      StageParameters own = parameters.get(chunk);
      int piece = chunks.piece(stage, chunk);
      float[] gradients = own.gradients();
      replicas.addUp(iteration, piece, gradients);
      own.setGradients(gradients);
    }
  }

  public void step(AdamW optimiser, double scale) {
    parameters.forEach(piece -> optimiser.step(piece, scale));
  }

  /**
   * Writes a file for each piece.
   *
   * @throws dev.fresco.engine.EngineException naming the file, if it cannot be written
   */
  public void save(Path folder) {
    for (int chunk = 0; chunk < parameters.size(); chunk++) {
      int piece = chunks.piece(stage, chunk);
      StageCheckpoint.save(parameters.get(chunk), CheckpointFiles.piece(folder, piece));
    }
  }

  @Override
  public void close() {
    networks.forEach(StageNetwork::close);
    parameters.forEach(StageParameters::close);
  }
}
