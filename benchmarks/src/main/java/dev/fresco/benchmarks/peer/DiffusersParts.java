package dev.fresco.benchmarks.peer;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where diffusers' side of comparisons lies.
 *
 * @param home where Fresco lies
 */
public record DiffusersParts(Path home) {
  /** A file of {@code benchmarks/peers/diffusers}. */
  public Path script(String name) {
    return home.resolve("benchmarks").resolve("peers").resolve("diffusers").resolve(name);
  }

  /** A file for what a process prints. */
  public Path log(String name) throws IOException {
    return Files.createDirectories(peers()).resolve(name + ".log");
  }

  /**
   * An interpreter that has diffusers.
   *
   * @param own that the user named; without it an environment is made at first use
   * @throws PeerException if it cannot be had
   */
  public Path interpreter(Optional<Path> own, PrintWriter progress) {
    return own.orElseGet(
        () ->
            new PeerEnvironment(peers().resolve("diffusers"), script("requirements.txt"))
                .interpreter("python3", progress));
  }

  private Path peers() {
    return home.resolve(".fresco").resolve("peers");
  }
}
