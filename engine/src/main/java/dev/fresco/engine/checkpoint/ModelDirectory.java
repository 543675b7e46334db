package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A checkpoint in the layout of Hugging Face diffusers: {@code model_index.json} names the pipeline
 * and the class of each component, which lies in the folder of its name.
 */
public final class ModelDirectory implements Checkpoint {
  static final String INDEX = "model_index.json";
  private static final String SCHEDULER = "scheduler";

  private final Path path;
  private final ConfigJson index;
  private final ModelFamily family;

  private ModelDirectory(Path path, ConfigJson index, ModelFamily family) {
    this.path = path;
    this.index = index;
    this.family = family;
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
    ConfigJson index = ConfigJson.read(path.resolve(INDEX));
    String pipeline = index.choice("_class_name", "unknown", ModelFamily.allPipelines());
    return new ModelDirectory(path, index, ModelFamily.ofPipeline(pipeline).orElseThrow());
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public ModelFamily family() {
    return family;
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
  @Override
  public Path folder(String component) {
    Path folder = path.resolve(component);
    if (!Files.isDirectory(folder)) {
      throw new EngineException(
          "%s: lists %s (%s), but there is no folder %s"
              .formatted(index.source(), component, className(component), folder));
    }
    return folder;
  }

  @Override
  public ComponentFolder component(String component) {
    String expected = className(component);
    ComponentFolder folder = new ComponentFolder(folder(component));
    folder.configOf(expected);
    return folder;
  }

  @Override
  public boolean setting(String key, boolean fallback) {
    return index.flag(key, fallback);
  }

  @Override
  public ConfigJson scheduler() {
    return ConfigJson.read(folder(SCHEDULER).resolve("scheduler_config.json"));
  }

  /** No twins in other formats, and no networks that are not run. */
  @Override
  public SortedMap<String, Path> files() {
    SortedMap<String, Path> files = new TreeMap<>();
    Stream.of(
            Stream.of(path.resolve(INDEX)),
            family.networks().stream().flatMap(network -> component(network).files().stream()),
            family.tokenizers().stream().flatMap(tokenizer -> filesIn(folder(tokenizer)).stream()),
            filesIn(folder(SCHEDULER)).stream())
        .flatMap(part -> part)
        .forEach(file -> files.put(path.relativize(file).toString(), file));
    return Collections.unmodifiableSortedMap(files);
  }

  /** A folder's files, without those in folders of it. */
  static List<Path> filesIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new EngineException(folder + ": cannot be read: " + e, e);
    }
  }
}
