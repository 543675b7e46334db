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
  /** All checks that there are. */
  public static final List<ParityCheck> EVERYTHING =
      List.of(
          new SamplerParity(),
          new NoiseParity(),
          new TokenizerParity(),
          new TextParity(),
          new T5Parity(),
          new PromptParity(),
          new UNetParity(),
          new ControlNetParity(),
          new LoraParity(),
          new TransformerParity(),
          new AutoencoderParity(),
          new EndToEndParity(),
          new SeededParity(),
          new EditParity());

  /**
   * Compares everything there is.
   *
   * @return rows in the order of file names
   * @throws EngineException if the folder cannot be read or has no file that a check reads
   */
  public List<ParityRow> run(Path folder, ParitySettings settings) {
    List<GoldenFile> files = GoldenFile.in(folder);
    if (files.stream().allMatch(golden -> check(golden).isEmpty())) {
      throw new EngineException("fixtures folder " + folder + ": no check reads any file of it");
    }
    return files.stream().flatMap(golden -> rows(golden, settings).stream()).toList();
  }

  private Optional<ParityCheck> check(GoldenFile golden) {
    return checks.stream().filter(each -> each.reads(golden)).findFirst();
  }

  private List<ParityRow> rows(GoldenFile golden, ParitySettings settings) {
    Optional<ParityCheck> check = check(golden);
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
    } catch (RuntimeException e) {
      // A golden file may hold anything; the others are still worth comparing.
      return List.of(ParityRow.failed(golden, settings.networkLimit(), e.toString()));
    }
  }
}
