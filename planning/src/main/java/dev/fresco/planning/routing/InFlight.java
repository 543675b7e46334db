package dev.fresco.planning.routing;

import dev.fresco.contracts.Require;

/**
 * A job that was given to a worker whose status does not name it yet.
 *
 * @param steps of each picture
 * @param ratio share of each picture that is computed there, 0 to 1
 * @param recording id of the recording that it makes beside its first picture, or null
 */
public record InFlight(String jobId, int pictures, int steps, double ratio, String recording) {
  public InFlight {
    Require.text("jobId", jobId);
    Require.atLeast("pictures", pictures, 1);
    Require.atLeast("steps", steps, 1);
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio is " + ratio + "; it must be in 0 to 1");
    }
  }
}
