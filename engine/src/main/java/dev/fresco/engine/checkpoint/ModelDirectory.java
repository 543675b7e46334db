package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A checkpoint in the layout of Hugging Face diffusers: {@code model_index.json} names the pipeline
 * and the class of each component, which lies in the folder of its name.
 */
public final class ModelDirectory {
  private static final List<String> PIPELINES = List.of("StableDiffusionPipeline");

  private final Path path;
  private final ConfigJson index;

  private ModelDirectory(Path path, ConfigJson index) {
    this.path = path;
    this.index = index;
  }

  /**
   * Reads the index.
   *
   * @throws EngineException if it is missing, damaged or for a pipeline that is not supported
   */
  public static ModelDirectory open(Path path) {
    if (!Files.isDirectory(path)) {
      throw new EngineException("model " + path + ": is no folder");
    }
    ConfigJson index = ConfigJson.read(path.resolve("model_index.json"));
    index.choice("_class_name", "unknown", PIPELINES);
    return new ModelDirectory(path, index);
  }

  public Path path() {
    return path;
  }

  /**
   * The class that the index names for a component, such as {@code AutoencoderTiny}.
   *
   * @throws EngineException if the index has no such component
   */
  public String className(String component) {
    JsonNode entry = index.value(component);
    if (!entry.isArray() || entry.size() != 2 || !entry.get(1).isString()) {
      throw index.refused(component, entry, "a pair of library and class");
    }
    return entry.get(1).stringValue();
  }

  /**
   * The folder of a component that the index lists.
   *
   * @throws EngineException if the index has no such component or the folder is missing
   */
  public Path folder(String component) {
    Path folder = path.resolve(component);
    if (!Files.isDirectory(folder)) {
      throw new EngineException(
          "%s: lists %s (%s), but there is no folder %s"
              .formatted(index.file(), component, className(component), folder));
    }
    return folder;
  }

  /**
   * A network's folder.
   *
   * @throws EngineException if there is none, or its configuration is for another class than the
   *     index says
   */
  public ComponentFolder component(String component) {
    String expected = className(component);
    ComponentFolder folder = new ComponentFolder(folder(component));
    folder.configOf(expected);
    return folder;
  }
}
