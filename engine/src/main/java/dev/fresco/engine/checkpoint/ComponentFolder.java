package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of one network: {@code config.json} and weights, in one file or in shards.
 *
 * @param path the folder
 */
public record ComponentFolder(Path path) implements Component {
  private static final String CONFIG = "config.json";
  private static final String INDEX = ".json";
  private static final List<String> STEMS = List.of("diffusion_pytorch_model", "model");

  /** Of one precision, in one file before in shards; full precision first. */
  private static final List<String> WEIGHT_FILES =
      Stream.of(
              "%s.safetensors",
              "%s.safetensors.index.json",
              "%s.fp16.safetensors",
              "%s.safetensors.index.fp16.json",
              "%s.fp16.safetensors.index.json")
          .flatMap(pattern -> STEMS.stream().map(pattern::formatted))
          .toList();

  @Override
  public ConfigJson config() {
    return ConfigJson.read(path.resolve(CONFIG));
  }

  @Override
  public TensorSource weights() {
    Path file = weightFile();
    return isIndex(file) ? ShardedSafetensors.open(file) : SafetensorsFile.open(file);
  }

  @Override
  public List<Path> files() {
    Path file = weightFile();
    return Stream.concat(
            Stream.of(path.resolve(CONFIG)),
            isIndex(file) ? ShardedSafetensors.files(file).stream() : Stream.of(file))
        .toList();
  }

  private Path weightFile() {
    return WEIGHT_FILES.stream()
        .map(path::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () -> new EngineException(path + ": has none of the weight files " + WEIGHT_FILES));
  }

  private static boolean isIndex(Path file) {
    return file.toString().endsWith(INDEX);
  }
}
