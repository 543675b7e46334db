package dev.fresco.engine.parity;

/**
 * The outcome of one comparison with a reference.
 *
 * @param file golden file, relative to the fixtures folder
 * @param tensor in it; empty where the row is about the whole file
 * @param verdict whether the error is within the limit
 * @param error relative, see {@link RelativeError}; not a number if there is no result
 * @param limit that the error may reach
 * @param note why there is no result; else empty
 */
public record ParityRow(
    String file, String tensor, Verdict verdict, double error, double limit, String note) {

  /** Unsupported is no failure: the engine says that it cannot, and does not try. */
  public enum Verdict {
    PASSED,
    FAILED,
    UNSUPPORTED
  }

  /** A comparison that was made; an error that is not a number fails. */
  public static ParityRow compared(GoldenFile golden, String tensor, double error, double limit) {
    Verdict verdict = error <= limit ? Verdict.PASSED : Verdict.FAILED;
    return new ParityRow(golden.name(), tensor, verdict, error, limit, "");
  }

  /** What should have run and did not. */
  public static ParityRow failed(GoldenFile golden, double limit, String note) {
    return new ParityRow(golden.name(), "", Verdict.FAILED, Double.NaN, limit, note);
  }

  /** What the engine does not do yet. */
  public static ParityRow unsupported(GoldenFile golden, String note) {
    return new ParityRow(golden.name(), "", Verdict.UNSUPPORTED, Double.NaN, Double.NaN, note);
  }
}
