package dev.fresco.planning.batching;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which pictures are in the batch and which wait for a place, between two steps.
 *
 * <p>Goal: the batch is full whenever there is work, and a short picture never waits for a long one
 * to end (InstGenIE, continuous batching at the granularity of a denoising step).
 *
 * <p>Algorithm: before every step the longest waiting pictures take the free places; after every
 * step those that have all their steps leave. There are no phases: a member just catches up from
 * {@code stepsDone} to {@code stepsTotal}.
 *
 * @param running members of the batch, in the order in which they joined
 * @param waiting pictures without a place, in the order in which they came
 */
public record BatchSchedule(Map<MemberId, Progress> running, Map<MemberId, Progress> waiting) {

  /** Steps that a picture has taken, of those it needs. */
  public record Progress(int stepsDone, int stepsTotal) {
    public Progress {
      if (stepsTotal < 1 || stepsDone < 0 || stepsDone > stepsTotal) {
        throw new IllegalArgumentException(stepsDone + " steps done of " + stepsTotal);
      }
    }

    Progress next() {
      return new Progress(stepsDone + 1, stepsTotal);
    }

    Progress outOf(int total) {
      return new Progress(stepsDone, total);
    }

    public boolean complete() {
      return stepsDone == stepsTotal;
    }
  }

  public BatchSchedule {
    running = unmodifiable(running);
    waiting = unmodifiable(waiting);
  }

  private static Map<MemberId, Progress> unmodifiable(Map<MemberId, Progress> members) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  public static BatchSchedule empty() {
    return new BatchSchedule(Map.of(), Map.of());
  }

  public boolean isIdle() {
    return running.isEmpty() && waiting.isEmpty();
  }

  /** A picture came that needs so many steps, as far as is known before it joins. */
  public BatchSchedule arrive(MemberId member, int steps) {
    if (running.containsKey(member) || waiting.containsKey(member)) {
      throw new IllegalArgumentException(member + " is here already");
    }
    Map<MemberId, Progress> more = new LinkedHashMap<>(waiting);
    more.put(member, new Progress(0, steps));
    return new BatchSchedule(running, more);
  }

  /** Without the pictures of these jobs. */
  public BatchSchedule without(Set<String> jobs) {
    Predicate<MemberId> gone = member -> jobs.contains(member.jobId());
    return new BatchSchedule(keep(running, gone.negate()), keep(waiting, gone.negate()));
  }

  /** Jobs with a picture here. */
  public Set<String> jobs() {
    return Stream.concat(running.keySet().stream(), waiting.keySet().stream())
        .map(MemberId::jobId)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Members of these jobs that hold a place. */
  public List<MemberId> runningOf(Set<String> jobs) {
    return running.keySet().stream().filter(member -> jobs.contains(member.jobId())).toList();
  }

  /**
   * The next step.
   *
   * @param room that memory leaves
   * @param load of a member, in the measure of the room
   */
  public StepPlan plan(BatchLimits limits, BatchRoom room, ToLongFunction<MemberId> load) {
    List<MemberId> first =
        waiting.keySet().stream()
            .limit(Math.max(0, limits.places(running.size()) - running.size()))
            .toList();
    List<MemberId> joining = first.subList(0, room.joining(running.keySet(), first, load));
    List<MemberId> stepping = new ArrayList<>(running.keySet());
    stepping.addAll(joining);
    return new StepPlan(joining, stepping);
  }

  /**
   * After a plan was carried out. Members that are complete or failed have left; deferred ones
   * wait, before all others.
   */
  public BatchSchedule apply(StepPlan plan, StepOutcome outcome) {
    Map<MemberId, Progress> inBatch = new LinkedHashMap<>(running);
    List<MemberId> joined = new ArrayList<>(plan.joining());
    joined.removeAll(outcome.deferred());
    joined.forEach(member -> inBatch.put(member, before(member, outcome)));
    outcome.advanced().forEach(member -> inBatch.computeIfPresent(member, (m, p) -> p.next()));
    inBatch.keySet().removeAll(outcome.failed().keySet());
    inBatch.values().removeIf(Progress::complete);
    return new BatchSchedule(inBatch, keep(waiting, member -> !joined.contains(member)));
  }

  /** Members for which the outcome was the last step. */
  public List<MemberId> completedBy(StepOutcome outcome) {
    return outcome.advanced().stream()
        .filter(member -> before(member, outcome).next().complete())
        .toList();
  }

  /** Where a member was before a step. */
  private Progress before(MemberId member, StepOutcome outcome) {
    Progress known = running.getOrDefault(member, waiting.get(member));
    return known.outOf(outcome.totals().getOrDefault(member, known.stepsTotal()));
  }

  private static Map<MemberId, Progress> keep(
      Map<MemberId, Progress> members, Predicate<MemberId> which) {
    Map<MemberId, Progress> kept = new LinkedHashMap<>(members);
    kept.keySet().removeIf(which.negate());
    return kept;
  }
}
