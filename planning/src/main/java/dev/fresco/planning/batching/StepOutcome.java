package dev.fresco.planning.batching;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of a plan.
 *
 * @param advanced members that took their step
 * @param failed members that could not, and why
 * @param totals steps that members need which joined, as the engine counts them
 * @param deferred members that could not join for want of memory and wait for others to leave
 */
public record StepOutcome(
    List<MemberId> advanced,
    Map<MemberId, Exception> failed,
    Map<MemberId, Integer> totals,
    Set<MemberId> deferred) {
  public StepOutcome {
    advanced = List.copyOf(advanced);
    failed = Map.copyOf(failed);
    totals = Map.copyOf(totals);
    deferred = Set.copyOf(deferred);
  }

  /** Whoever was to join has joined or failed. */
  public StepOutcome(
      List<MemberId> advanced, Map<MemberId, Exception> failed, Map<MemberId, Integer> totals) {
    this(advanced, failed, totals, Set.of());
  }
}
