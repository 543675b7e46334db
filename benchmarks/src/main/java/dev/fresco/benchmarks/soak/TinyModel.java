package dev.fresco.benchmarks.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A tiny model of a fixtures folder with the small autoencoder of the same folder, in a temporary
 * folder with its adapters and its ControlNet beside it. ControlNets want eight pixels for a latent
 * place, and the tiny models' own autoencoders have fewer.
 *
 * @param folder of the model; it and what lies beside it are deleted on closing
 */
record TinyModel(Path folder) implements AutoCloseable {
  private static final String INDEX = "model_index.json";

  /**
   * @param fixtures folder with the model, {@code autoencoder-tiny} and, if there are any, {@code
   *     lora} and the model's ControlNet
   * @throws IOException if something lacks or the disk is full
   */
  static TinyModel copy(Path fixtures, String name) throws IOException {
    TinyModel model = new TinyModel(Files.createTempDirectory("fresco-soak-").resolve(name));
    try {
      copyTree(fixtures.resolve(name), model.folder);
      Path autoencoder = model.folder.resolve("vae");
      delete(autoencoder);
      copyTree(fixtures.resolve("autoencoder-tiny"), autoencoder);
      Path index = model.folder.resolve(INDEX);
      Files.writeString(
          index, Files.readString(index).replace("\"AutoencoderKL\"", "\"AutoencoderTiny\""));
      for (String beside : List.of("lora", name + "-controlnet")) {
        if (Files.isDirectory(fixtures.resolve(beside))) {
          copyTree(fixtures.resolve(beside), model.folder.resolveSibling(beside));
        }
      }
      return model;
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Path target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target);
        }
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  @Override
  public void close() throws IOException {
    delete(folder.getParent());
  }
}
