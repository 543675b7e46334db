package dev.fresco.benchmarks.peer;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where diffusers' side of comparisons lies, as options of a command. */
public final class DiffusersParts {
  @Option(
      names = "--peer-python",
      paramLabel = "PATH",
      description = "A Python that has diffusers, in place of an own environment.")
  private Optional<Path> python;

  @Option(
      names = "--home",
      hidden = true,
      defaultValue = "${env:FRESCO_HOME:-.}",
      description = "Where Fresco lies.")
  private Path home;

  /** Where Fresco lies. */
  public Path home() {
    return home;
  }

  /** A file of {@code benchmarks/peers/diffusers}. */
  public Path script(String name) {
    return home.resolve("benchmarks").resolve("peers").resolve("diffusers").resolve(name);
  }

  /** A file for what a process prints. */
  public Path log(String name) throws IOException {
    return Files.createDirectories(peers()).resolve(name + ".log");
  }

  /**
   * An interpreter that has diffusers: the one that was named, or that of an environment that is
   * made at first use.
   *
   * @throws PeerException if it cannot be had
   */
  public Path interpreter(PrintWriter progress) {
    return python.orElseGet(
        () ->
            new PeerEnvironment(peers().resolve("diffusers"), script("requirements.txt"))
                .interpreter("python3", progress));
  }

  private Path peers() {
    return home.resolve(".fresco").resolve("peers");
  }
}
