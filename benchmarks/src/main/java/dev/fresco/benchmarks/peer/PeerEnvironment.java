package dev.fresco.benchmarks.peer;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A Python environment for a peer, made at first use. It is complete when a copy of the
 * requirements lies beside it, which is written last; until then, or when the requirements change,
 * it is made again.
 *
 * @param folder where it lies
 * @param requirements what it holds, in pip's format
 */
public record PeerEnvironment(Path folder, Path requirements) {

  /**
   * The environment's interpreter.
   *
   * @param python the interpreter to make it with, such as {@code python3}
   * @param progress is told what takes long
   * @throws PeerException if there is no such interpreter, or the packages cannot be had
   */
  public Path interpreter(String python, PrintWriter progress) {
    try {
      Path interpreter = folder.resolve("bin").resolve("python");
      if (!complete()) {
        Files.createDirectories(folder);
        Files.deleteIfExists(stamp());
        progress.println("fresco: making the peer's Python environment in " + folder);
        progress.flush();
        run(List.of(python, "-m", "venv", "--clear", folder.toString()));
        run(List.of(interpreter.toString(), "-m", "pip", "install", "-r", requirements.toString()));
        markComplete();
      }
      return interpreter;
    } catch (IOException e) {
      throw new PeerException("the peer's environment " + folder + ": " + e, e);
    }
  }

  private boolean complete() throws IOException {
    return Files.exists(stamp()) && Files.mismatch(stamp(), requirements) == -1;
  }

  private void markComplete() throws IOException {
    Path written = Files.copy(requirements, folder.resolve("requirements.new"));
    Files.move(written, stamp(), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path stamp() {
    return folder.resolve("requirements.txt");
  }

  private static void run(List<String> command) {
    String words = String.join(" ", command);
    int exit;
    try {
      exit =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
    } catch (IOException e) {
      throw new PeerException(
          "the peer needs Python 3 with venv, but '%s' does not start (%s); install it, or name an"
                  .formatted(words, e.getMessage())
              + " interpreter that has diffusers with --peer-python",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PeerException("interrupted during '" + words + "'", e);
    }
    if (exit != 0) {
      throw new PeerException(
          "'%s' ended with %d; name an interpreter that has diffusers with --peer-python"
              .formatted(words, exit));
    }
  }
}
