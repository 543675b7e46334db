package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A checkpoint in one safetensors file with the original names of Stable Diffusion 1, 2 or XL. All
 * networks are views of that file. A folder in the layout of diffusers, without weights, may bring
 * configurations, tokenizers and the scheduler's settings; what it does not bring is inferred from
 * the file, except the tokenizers.
 */
public final class SingleFile implements Checkpoint {
  static final String ENDING = ".safetensors";
  private static final String SCHEDULER = "scheduler/scheduler_config.json";

  private final Path path;
  private final Path configs;
  private final OriginalLayout layout;

  private SingleFile(Path path, Path configs, OriginalLayout layout) {
    this.path = path;
    this.configs = configs;
    this.layout = layout;
  }

  /**
   * Opens a file; the folder with its name without the ending, beside it, may bring the rest.
   *
   * @throws EngineException naming the file, the key and what is wrong
   */
  public static SingleFile open(Path path) {
    String name = path.getFileName().toString();
    String stem =
        name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name + ".d";
    return open(path, path.resolveSibling(stem));
  }

  /**
   * Opens a file.
   *
   * @param configs the folder that may bring the rest; it need not exist
   * @throws EngineException naming the file, the key and what is wrong
   */
  public static SingleFile open(Path path, Path configs) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      OriginalLayout layout = OriginalLayout.of(file);
      layout.requireWhole(file);
      requireFamily(configs.resolve(ModelDirectory.INDEX), path, layout.family());
      return new SingleFile(path, configs, layout);
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public ModelFamily family() {
    return layout.family();
  }

  @Override
  public Component component(String name) {
    if (!family().networks().contains(name)) {
      throw new EngineException(
          "%s: has no %s; its networks are %s".formatted(path, name, family().networks()));
    }
    return new SingleFilePart(path, configs.resolve(name + "/config.json"), layout, name);
  }

  /** From the folder, else the settings that the family was trained with. */
  @Override
  public ConfigJson scheduler() {
    Path file = configs.resolve(SCHEDULER);
    return Files.isRegularFile(file)
        ? ConfigJson.read(file)
        : ConfigJson.of(path + " (the scheduler of its family)", schedulerOfFamily(file));
  }

  /** From the folder, else from beside the file. */
  @Override
  public Path folder(String name) {
    List<Path> places = List.of(configs.resolve(name), path.resolveSibling(name));
    return places.stream()
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow(
            () ->
                new EngineException(
                    ("%s: needs the %s that the model was trained with, which is not in the file;"
                            + " put its folder (tokenizer.json, or vocab.json and merges.txt) at"
                            + " %s or %s")
                        .formatted(path, name, places.get(0), places.get(1))));
  }

  @Override
  public SortedMap<String, Path> files() {
    SortedMap<String, Path> files = new TreeMap<>();
    files.put(path.getFileName().toString(), path);
    for (String network : family().networks()) {
      files.put(network + "/config.json", configs.resolve(network + "/config.json"));
    }
    files.put(SCHEDULER, configs.resolve(SCHEDULER));
    files.values().removeIf(file -> !Files.isRegularFile(file));
    for (String tokenizer : family().tokenizers()) {
      ModelDirectory.filesIn(folder(tokenizer))
          .forEach(file -> files.put(tokenizer + "/" + file.getFileName(), file));
    }
    return Collections.unmodifiableSortedMap(files);
  }

  private static void requireFamily(Path index, Path path, ModelFamily family) {
    if (Files.isRegularFile(index)) {
      ModelFamily listed = ModelDirectory.open(index.getParent()).family();
      if (listed != family) {
        throw new EngineException(
            "%s: is for %s, but the keys of %s are those of %s"
                .formatted(index, listed, path, family));
      }
    }
  }

  private Map<String, Object> schedulerOfFamily(Path file) {
    Map<String, Object> config =
        new TreeMap<>(
            Map.of(
                "num_train_timesteps",
                1000,
                "beta_schedule",
                "scaled_linear",
                "beta_start",
                0.00085,
                "beta_end",
                0.012,
                "prediction_type",
                "epsilon",
                "timestep_spacing",
                "leading",
                "steps_offset",
                1));
    switch (layout) {
      case SD1 -> {
        config.put("_class_name", "DDIMScheduler");
        config.put("clip_sample", false);
        config.put("set_alpha_to_one", false);
      }
      case XL -> config.put("_class_name", "EulerDiscreteScheduler");
      case SD2 ->
          throw new EngineException(
              ("%s: Stable Diffusion 2 predicts noise or velocity, and the file does not say"
                      + " which; put the model's scheduler_config.json at %s")
                  .formatted(path, file));
    }
    return config;
  }
}
