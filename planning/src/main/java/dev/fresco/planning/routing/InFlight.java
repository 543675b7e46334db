package dev.fresco.planning.routing;

import dev.fresco.contracts.Require;

/**
 * A job that was given to a worker whose status does not name it yet.
 *
 * @param steps of each picture
 */
public record InFlight(String jobId, int pictures, int steps) {
  public InFlight {
    Require.text("jobId", jobId);
    Require.atLeast("pictures", pictures, 1);
    Require.atLeast("steps", steps, 1);
  }
}
