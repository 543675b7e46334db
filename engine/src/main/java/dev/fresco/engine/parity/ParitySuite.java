package dev.fresco.engine.parity;

import dev.fresco.engine.EngineException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Goes through a fixtures folder with a list of checks. Names and sizes in the folder are free;
 * what no check reads, or is of a family that the engine does not run, is reported as unsupported.
 *
 * @param checks asked in order; the first that reads a file takes it
 */
public record ParitySuite(List<ParityCheck> checks) {
  /** The checks of networks. */
  public static final List<ParityCheck> NETWORKS =
      List.of(new TextParity(), new UNetParity(), new AutoencoderParity());

  /**
   * Compares everything there is.
   *
   * @return rows in the order of file names
   * @throws EngineException if the folder cannot be read or has no golden files
   */
  public List<ParityRow> run(Path folder, ParitySettings settings) {
    return GoldenFile.in(folder).stream()
        .flatMap(golden -> rows(golden, settings).stream())
        .toList();
  }

  private List<ParityRow> rows(GoldenFile golden, ParitySettings settings) {
    Optional<ParityCheck> check = checks.stream().filter(each -> each.reads(golden)).findFirst();
    if (check.isEmpty()) {
      return List.of(ParityRow.unsupported(golden, "no check reads this file"));
    }
    try {
      return check.get().run(golden, settings);
    } catch (EngineException e) {
      return List.of(
          golden.supported()
              ? ParityRow.failed(golden, settings.networkLimit(), e.getMessage())
              : ParityRow.unsupported(golden, e.getMessage()));
    }
  }
}
