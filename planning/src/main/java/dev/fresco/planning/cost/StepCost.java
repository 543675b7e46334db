package dev.fresco.planning.cost;

/**
 * Milliseconds of a step as a linear function of its work. Nothing here is negative: more work
 * never takes less time.
 *
 * @param constantMillis of a step, whatever its work
 * @param millisPerOperation in the unit of {@link StepWork#operations}
 * @param millisPerByte in the unit of {@link StepWork#bytes}
 */
public record StepCost(double constantMillis, double millisPerOperation, double millisPerByte) {
  public StepCost {
    if (!(constantMillis >= 0 && millisPerOperation >= 0 && millisPerByte >= 0)) {
      throw new IllegalArgumentException(
          "constantMillis is "
              + constantMillis
              + ", millisPerOperation "
              + millisPerOperation
              + ", millisPerByte "
              + millisPerByte
              + "; the least is 0");
    }
  }

  public double millis(StepWork work) {
    return millis(work.operations(), work.bytes());
  }

  /** As of {@link StepWork}, for loops that should make no objects. */
  public double millis(double operations, double bytes) {
    return constantMillis + millisPerOperation * operations + millisPerByte * bytes;
  }
}
