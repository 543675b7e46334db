package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.adapter.AdapterSet;
import dev.fresco.engine.batch.Member.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Members whose latents and texts have one size. A network that is asked twice for guidance gets
 * all members with their prompts, then the guided ones with their negative prompts.
 *
 * @param isActive whether the network computes places instead of whole maps; its one member does
 */
record SizeGroup(List<Member> members, boolean isActive) {
  SizeGroup {
    members = List.copyOf(members);
  }

  private static SizeGroup alike(List<Member> members) {
    return new SizeGroup(members, members.get(0).active() != null);
  }

  /** What members of a group have in common; one whose places are chosen is alone. */
  private record Size(Shape latents, long words, Member alone) {}

  /** Groups of members, in the order of the first of each. */
  static List<SizeGroup> of(Collection<Member> members) {
    Map<Size, List<Member>> bySize = new LinkedHashMap<>();
    for (Member member : members) {
      long words = member.prompts().positive().states().getShape().get(1);
      Member alone = member.active() == null ? null : member;
      bySize
          .computeIfAbsent(
              new Size(member.sample().getShape(), words, alone), size -> new ArrayList<>())
          .add(member);
    }
    return bySize.values().stream().map(SizeGroup::alike).toList();
  }

  List<Member> guided() {
    return members.stream().filter(member -> member.settings().guided()).toList();
  }

  /** Members, then the guided ones again. */
  List<Member> rows() {
    return Stream.concat(members.stream(), guided().stream()).toList();
  }

  /** Of each row. */
  List<Text> texts() {
    return Stream.concat(
            members.stream().map(member -> member.prompts().positive()),
            guided().stream().map(member -> member.prompts().negative()))
        .toList();
  }

  /** Places of the guided members among the members. */
  long[] guidedPlaces() {
    return guided().stream().mapToLong(members::indexOf).toArray();
  }

  /** The adapters of each member of some groups. */
  static List<AdapterSet> adapters(List<SizeGroup> groups) {
    return all(groups, SizeGroup::members).stream().map(Member::adapters).toList();
  }

  List<NDArray> samples() {
    return members.stream().map(Member::sample).toList();
  }

  /** Places of members or rows, as kernels select by them. */
  static NDArray places(NDManager scope, long[] places) {
    return scope.create(places, new Shape(places.length));
  }

  /** fp32, one for each member. */
  static NDArray numbers(NDManager scope, List<Member> of, ToDoubleFunction<Member> number) {
    float[] numbers = new float[of.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) number.applyAsDouble(of.get(i));
    }
    return scope.create(numbers, new Shape(numbers.length));
  }

  /** What every row of some groups has, one after the other. */
  static <T> List<T> all(List<SizeGroup> groups, Function<SizeGroup, List<T>> rows) {
    return groups.stream().map(rows).flatMap(List::stream).toList();
  }
}
