package dev.fresco.engine.parity;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file of reference results in a fixtures folder: {@code FAMILY.PART.safetensors} for a part of
 * the checkpoint in folder {@code FAMILY}, {@code TOPIC.safetensors} for what needs no checkpoint,
 * and {@code FOLDER/golden.json} inside a folder.
 *
 * @param folder of the fixtures
 * @param path of the file
 */
public record GoldenFile(Path folder, Path path) {
  private static final String TENSORS = ".safetensors";
  private static final String TEXTS = "golden.json";

  /**
   * All golden files of a folder, by name.
   *
   * @throws EngineException if the folder cannot be read or has none
   */
  public static List<GoldenFile> in(Path folder) {
    try (Stream<Path> top = Files.list(folder)) {
      List<GoldenFile> found =
          top.flatMap(path -> Stream.of(path, path.resolve(TEXTS)))
              .filter(Files::isRegularFile)
              .filter(GoldenFile::isGolden)
              .sorted()
              .map(path -> new GoldenFile(folder, path))
              .toList();
      if (found.isEmpty()) {
        throw new EngineException("fixtures folder " + folder + ": has no golden files");
      }
      return found;
    } catch (IOException e) {
      throw new EngineException("fixtures folder " + folder + ": cannot be read: " + e, e);
    }
  }

  /** The path within the fixtures folder. */
  public String name() {
    return folder.relativize(path).toString();
  }

  /** The name before the last dot, without the ending; the folder's for texts. */
  public String family() {
    String stem = stem();
    return stem.contains(".") ? stem.substring(0, stem.lastIndexOf('.')) : stem;
  }

  /** The name after the last dot, without the ending; empty where there is none. */
  public String part() {
    String stem = stem();
    return stem.contains(".") ? stem.substring(stem.lastIndexOf('.') + 1) : "";
  }

  /** The checkpoint that the file is about; it may not exist. */
  public Path checkpoint() {
    return folder.resolve(family());
  }

  /**
   * A network of the checkpoint: the folder of that name, or the checkpoint itself where it is but
   * one network.
   */
  public ComponentFolder component(String component) {
    Path inside = checkpoint().resolve(component);
    return new ComponentFolder(Files.isDirectory(inside) ? inside : checkpoint());
  }

  /** Whether the checkpoint is of a kind that the engine says it runs. */
  public boolean supported() {
    if (!Files.exists(checkpoint().resolve("model_index.json"))) {
      return true;
    }
    try {
      ModelDirectory.open(checkpoint());
      return true;
    } catch (EngineException refusal) {
      return false;
    }
  }

  private String stem() {
    String name = name();
    return name.endsWith(TENSORS)
        ? name.substring(0, name.length() - TENSORS.length())
        : path.getParent().getFileName().toString();
  }

  private static boolean isGolden(Path path) {
    return path.toString().endsWith(TENSORS) || path.endsWith(TEXTS);
  }
}
