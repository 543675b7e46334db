package dev.fresco.engine.dit;

import dev.fresco.engine.EngineException;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;

/**
 * Where the tokens of a batch's members stand: one member after another without padding, those of
 * one shape side by side.
 *
 * <p>Example: two members of 20 words and 2 x 3 places, then one of 7 words and 4 x 4 places. Their
 * words are 20, 20 and 7 rows of one tensor, their places 6, 6 and 16 rows of another.
 *
 * @param groups in the order of their tokens; at least one
 */
public record TokenLayout(List<Group> groups) {
  public TokenLayout {
    groups = List.copyOf(groups);
    if (groups.isEmpty()) {
      throw new EngineException("a batch of tokens has no members");
    }
  }

  /**
   * Members of one shape.
   *
   * @param members at least 1
   * @param places of a member that are computed, at least 1
   */
  public record Group(int members, TokenShape shape, int places) {
    public Group {
      if (members < 1) {
        throw new EngineException("a group of tokens has " + members + " members");
      }
      if (places < 1 || places > shape.places()) {
        throw new EngineException(
            "%d of %d places are computed; at least 1, at most all"
                .formatted(places, shape.places()));
      }
    }

    /** All places are computed. */
    public Group(int members, TokenShape shape) {
      this(members, shape, shape.places());
    }
  }

  public List<TokenShape> shapes() {
    return groups.stream().map(Group::shape).toList();
  }

  /** For each group the number of members, and of words of a member. */
  long[] wordCounts() {
    return counts(group -> group.shape().words());
  }

  /** For each group the number of members, and of places of a member that are computed. */
  long[] placeCounts() {
    return counts(Group::places);
  }

  /** For each group the number of members, and of words and places of a member. */
  long[] tokenCounts() {
    return counts(group -> group.shape().words() + group.places());
  }

  /** For each group the number of members, and of all places down and across of a member. */
  public long[] placeSizes() {
    return groups.stream()
        .flatMapToLong(
            group -> LongStream.of(group.members(), group.shape().height(), group.shape().width()))
        .toArray();
  }

  private long[] counts(ToIntFunction<Group> tokens) {
    return groups.stream()
        .flatMapToLong(group -> LongStream.of(group.members(), tokens.applyAsInt(group)))
        .toArray();
  }
}
