package dev.fresco.planning.batching;

import java.util.List;

/**
 * What the next step of the loop does.
 *
 * @param joining members that enter the batch now
 * @param stepping all members that take a step, those that join included
 */
public record StepPlan(List<MemberId> joining, List<MemberId> stepping) {
  public StepPlan {
    joining = List.copyOf(joining);
    stepping = List.copyOf(stepping);
  }
}
