package dev.fresco.planning.batching;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The attempts that one step takes, until each member has advanced or failed alone.
 *
 * <p>Algorithm: groups are tried in turn. One that memory is short for is halved, its first half
 * comes next; one that fails otherwise is tried member by member. A failed attempt moves nobody.
 *
 * <p>Example: {@code a b c d}, where memory holds two and c is at fault: {@code abcd} is refused,
 * {@code ab} advances, {@code cd} fails, c fails alone, d advances.
 *
 * @param left groups to try, the next one first
 * @param fitted groups that advanced
 * @param refused groups that memory was short for
 * @param failed members that failed alone, and why
 */
public record StepTrial(
    List<List<MemberId>> left,
    List<List<MemberId>> fitted,
    List<List<MemberId>> refused,
    Map<MemberId, Exception> failed) {

  public StepTrial {
    left = List.copyOf(left);
    fitted = List.copyOf(fitted);
    refused = List.copyOf(refused);
    failed = Map.copyOf(failed);
  }

  /** A step of these members, in groups for which there is room. */
  public static StepTrial of(
      List<MemberId> members, BatchRoom room, ToLongFunction<MemberId> load) {
    return new StepTrial(room.groups(members, load), List.of(), List.of(), Map.of());
  }

  /** The same, and it is known that memory was short for another group. */
  public StepTrial alsoRefused(List<MemberId> group) {
    return new StepTrial(left, fitted, with(refused, group), failed);
  }

  public boolean isOver() {
    return left.isEmpty();
  }

  /** The members to try together. */
  public List<MemberId> next() {
    return left.get(0);
  }

  /** Members that have taken their step, in the order in which they did. */
  public List<MemberId> advanced() {
    return fitted.stream().flatMap(List::stream).toList();
  }

  /** The next group took its step. */
  public StepTrial nextAdvanced() {
    return new StepTrial(rest(), with(fitted, next()), refused, failed);
  }

  /** Memory was short for the next group. */
  public StepTrial nextRefused(Exception reason) {
    int size = next().size();
    List<List<MemberId>> halves =
        List.of(next().subList(0, (size + 1) / 2), next().subList((size + 1) / 2, size));
    return split(halves, with(refused, next()), reason);
  }

  /** The next group failed, not for want of memory. */
  public StepTrial nextFailed(Exception reason) {
    return split(next().stream().map(List::of).toList(), refused, reason);
  }

  private StepTrial split(
      List<List<MemberId>> parts, List<List<MemberId>> nowRefused, Exception reason) {
    if (next().size() == 1) {
      Map<MemberId, Exception> more = new LinkedHashMap<>(failed);
      more.put(next().get(0), reason);
      return new StepTrial(rest(), fitted, nowRefused, more);
    }
    List<List<MemberId>> more = new ArrayList<>(parts);
    more.addAll(rest());
    return new StepTrial(more, fitted, nowRefused, failed);
  }

  private List<List<MemberId>> rest() {
    return left.subList(1, left.size());
  }

  private static List<List<MemberId>> with(List<List<MemberId>> groups, List<MemberId> one) {
    List<List<MemberId>> more = new ArrayList<>(groups);
    more.add(one);
    return more;
  }
}
