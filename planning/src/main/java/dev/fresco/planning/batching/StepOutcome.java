package dev.fresco.planning.batching;

import java.util.List;
import java.util.Map;

/**
 * What became of a plan.
 *
 * @param advanced members that took their step
 * @param failed members that could not, and why
 * @param totals steps that members need which joined, as the engine counts them
 */
public record StepOutcome(
    List<MemberId> advanced, Map<MemberId, Exception> failed, Map<MemberId, Integer> totals) {
  public StepOutcome {
    advanced = List.copyOf(advanced);
    failed = Map.copyOf(failed);
    totals = Map.copyOf(totals);
  }
}
