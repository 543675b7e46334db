package dev.fresco.planning.routing;

import dev.fresco.contracts.ErrorCode;
import java.time.Instant;

/** What becomes of a pending job now. */
public sealed interface RoutingDecision {
  /**
   * It goes to a worker.
   *
   * @param partition of {@code fresco.jobs.assigned} that the worker owns
   * @param foreseenFinish when its last picture's last step should be done
   * @param given how it counts at the worker until the worker's status names it
   */
  record Assign(String workerId, int partition, Instant foreseenFinish, InFlight given)
      implements RoutingDecision {}

  /** It stays in the queue. */
  record Wait(WaitReason reason) implements RoutingDecision {}

  /** It cannot be done. */
  record Refuse(ErrorCode code, String message) implements RoutingDecision {}
}
