package dev.fresco.planning.cost;

/**
 * What a step of a batch has to do.
 *
 * @param operations that are computed, in any unit that stays the same: floating-point operations,
 *     or dense pictures, where an edit with a mask of .2 counts .2; at least 0
 * @param bytes of recordings that are loaded, in any unit that stays the same; at least 0
 */
public record StepWork(double operations, double bytes) {
  public StepWork {
    atLeastZero("operations", operations);
    atLeastZero("bytes", bytes);
  }

  public StepWork plus(StepWork other) {
    return new StepWork(operations + other.operations, bytes + other.bytes);
  }

  private static void atLeastZero(String field, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          field + " is " + value + "; the least is 0, and it must be finite");
    }
  }
}
