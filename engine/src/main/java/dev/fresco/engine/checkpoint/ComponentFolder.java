package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder of one network: {@code config.json} and a file of weights.
 *
 * @param path the folder
 */
public record ComponentFolder(Path path) {
  private static final List<String> WEIGHT_FILES =
      List.of(
          "diffusion_pytorch_model.safetensors",
          "model.safetensors",
          "diffusion_pytorch_model.fp16.safetensors",
          "model.fp16.safetensors");

  public ConfigJson config() {
    return ConfigJson.read(path.resolve("config.json"));
  }

  /** The class that the configuration is for, in diffusers' or transformers' spelling. */
  public String className() {
    ConfigJson config = config();
    return config.has("_class_name")
        ? config.text("_class_name", "")
        : config.texts("architectures", List.of("unknown")).get(0);
  }

  /**
   * Refuses a folder that holds another network.
   *
   * @return the configuration
   * @throws EngineException naming the file, the class found and the one expected
   */
  public ConfigJson configOf(String expectedClass) {
    String found = className();
    if (!found.equals(expectedClass)) {
      throw new EngineException(
          path.resolve("config.json") + ": is for " + found + "; expected " + expectedClass);
    }
    return config();
  }

  /**
   * The weights' file, full precision before fp16 where both are there.
   *
   * @throws EngineException if there is none of the known names
   */
  public Path weights() {
    return WEIGHT_FILES.stream()
        .map(path::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(
            () -> new EngineException(path + ": has none of the weight files " + WEIGHT_FILES));
  }
}
