package dev.fresco.planning.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * How much may take a step together, as far as attempts have taught.
 *
 * <p>Goal: what memory was short for is not tried again at every step, and not given up for good
 * either, since memory that others took may be free again.
 *
 * <p>Algorithm: members have a load, such as their pixels. After an attempt that was too large, the
 * room is half of the least load that was refused, or more if more went through. After {@value
 * #PATIENCE} steps without another such attempt it doubles. A member above the room is tried alone.
 *
 * <p>Example: eight members of load 1; eight are refused, four and four go through. The room is 4:
 * further steps are two attempts each, and no ninth member joins. A hundred steps later it is 8.
 *
 * @param most load of one attempt; {@code Long.MAX_VALUE} if nothing was refused
 * @param stepsLeft until it doubles
 */
public record BatchRoom(long most, int stepsLeft) {
  static final int PATIENCE = 100;

  private static final BatchRoom UNKNOWN = new BatchRoom(Long.MAX_VALUE, PATIENCE);

  public BatchRoom {
    if (most < 1 || stepsLeft < 1) {
      throw new IllegalArgumentException("most is " + most + ", stepsLeft " + stepsLeft);
    }
  }

  /** Nothing was refused yet. */
  public static BatchRoom unknown() {
    return UNKNOWN;
  }

  /** Members in groups to try, in their order. */
  List<List<MemberId>> groups(List<MemberId> members, ToLongFunction<MemberId> load) {
    List<List<MemberId>> groups = new ArrayList<>();
    int first = 0;
    long sum = 0;
    for (int i = 0; i < members.size(); i++) {
      long own = load.applyAsLong(members.get(i));
      if (i > first && sum + own > most) {
        groups.add(members.subList(first, i));
        first = i;
        sum = 0;
      }
      sum += own;
    }
    if (first < members.size()) {
      groups.add(members.subList(first, members.size()));
    }
    return groups;
  }

  /** How many of those that wait may join, one after the other, beside those that run. */
  int joining(Iterable<MemberId> running, List<MemberId> waiting, ToLongFunction<MemberId> load) {
    long sum = sum(running, load);
    for (int i = 0; i < waiting.size(); i++) {
      long more = sum + load.applyAsLong(waiting.get(i));
      if (more > most && sum > 0) {
        return i;
      }
      sum = more;
    }
    return waiting.size();
  }

  /** After a step whose attempts are over. */
  public BatchRoom after(StepTrial trial, ToLongFunction<MemberId> load) {
    if (trial.refused().isEmpty()) {
      return waited();
    }
    long refused = trial.refused().stream().mapToLong(group -> sum(group, load)).min().getAsLong();
    long fitted =
        trial.fitted().stream()
            .mapToLong(group -> sum(group, load))
            .filter(sum -> sum < refused)
            .max()
            .orElse(0);
    return new BatchRoom(Math.min(most, Math.max(1, Math.max(fitted, refused / 2))), PATIENCE);
  }

  private BatchRoom waited() {
    if (most == Long.MAX_VALUE) {
      return this;
    }
    if (stepsLeft > 1) {
      return new BatchRoom(most, stepsLeft - 1);
    }
    return most > Long.MAX_VALUE / 2 ? UNKNOWN : new BatchRoom(2 * most, PATIENCE);
  }

  /**
   * Pictures like the largest of these that fit the batch.
   *
   * @param slots that it has, whatever the memory
   */
  public int slots(int slots, Iterable<MemberId> like, ToLongFunction<MemberId> load) {
    long largest = 1;
    for (MemberId member : like) {
      largest = Math.max(largest, load.applyAsLong(member));
    }
    return (int) Math.max(1, Math.min(slots, most / largest));
  }

  private static long sum(Iterable<MemberId> members, ToLongFunction<MemberId> load) {
    long sum = 0;
    for (MemberId member : members) {
      sum += load.applyAsLong(member);
    }
    return sum;
  }
}
