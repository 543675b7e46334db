package dev.fresco.training.runtime;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingKind;
import dev.fresco.contracts.training.TrainingSetup;
import dev.fresco.engine.training.ParameterFile;
import dev.fresco.trainer.checkpoint.Checkpoint;
import dev.fresco.trainer.checkpoint.CheckpointFiles;
import dev.fresco.trainer.checkpoint.CheckpointStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Models that pipelines have trained, a folder each: {@code model.safetensors} with the weights of
 * all stages and {@code config.json} with their sizes. A folder gets its name when all of it is on
 * the disk.
 */
@Component
public final class TrainedModels {
  private static final String FOLDER = "models";
  private static final String WEIGHTS = "model.safetensors";
  private static final String CONFIG = "config.json";

  private final Path root;
  private final JsonMapper json;

  TrainedModels(RuntimeSettings settings, JsonMapper json) {
    this.root = settings.folderOf(FOLDER);
    this.json = json;
  }

  /** What a model is, and which job has made it. */
  private record Config(
      TrainingKind kind, String trainingJobId, long iterations, TrainingSetup.ModelSizes sizes) {}

  /** The weights of a model that a job has published; empty if it has published none. */
  public Optional<Path> weights(TrainingJob job) {
    TrainingSetup.Publish publish = job.setup() == null ? null : job.setup().publish();
    if (publish == null || publish.model() == null) {
      return Optional.empty();
    }
    Path folder = root.resolve(publish.model());
    return isOf(job, folder) ? Optional.of(folder.resolve(WEIGHTS)) : Optional.empty();
  }

  /**
   * Publishes what is in a job's newest checkpoint.
   *
   * @return that the job is finished, or that its name is another job's or the disk takes nothing
   */
  JobRun.Result publish(TrainingJob job, CheckpointStore checkpoints, int pieces) {
    Path folder = root.resolve(job.setup().publish().model());
    try {
      if (!Files.exists(folder)) {
        write(job, checkpoints.latest().orElseThrow(), pieces, folder);
      } else if (!isOf(job, folder)) {
        return JobRun.Result.failed(
            ErrorCode.CONFLICT,
            "publish.model: there is a model %s already; what was trained is in %s"
                .formatted(folder.getFileName(), checkpoints.latest().orElseThrow().folder()));
      }
      return JobRun.Result.finished(null);
    } catch (IOException e) {
      return JobRun.Result.failed(
          ErrorCode.STORAGE_FAILURE, "the model is finished, but not published: " + e);
    }
  }

  /** It may have been published by a run of the same job that died just afterwards. */
  private boolean isOf(TrainingJob job, Path folder) {
    try {
      Config config = json.readValue(Files.readAllBytes(folder.resolve(CONFIG)), Config.class);
      return config.trainingJobId().equals(job.id());
    } catch (IOException | JacksonException e) {
      return false;
    }
  }

  private void write(TrainingJob job, Checkpoint checkpoint, int pieces, Path folder)
      throws IOException {
    Path draft = root.resolve("." + job.id());
    FileSystemUtils.deleteRecursively(draft);
    Files.createDirectories(draft);
    List<Path> files =
        IntStream.range(0, pieces)
            .mapToObj(piece -> CheckpointFiles.piece(checkpoint.folder(), piece))
            .toList();
    ParameterFile.join(files, Map.of("format", "pt"), draft.resolve(WEIGHTS));
    Config config = new Config(job.kind(), job.id(), checkpoint.iteration(), job.setup().sizes());
    Files.write(draft.resolve(CONFIG), json.writeValueAsBytes(config));
    sync(draft.resolve(CONFIG));
    sync(draft);
    Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
    sync(root);
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      channel.force(true);
    }
  }
}
