package dev.fresco.engine.dit;

import dev.fresco.engine.EngineException;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Where the tokens of a batch's members stand, one member after another without padding.
 *
 * <p>Example: members of (20 words, 2 x 3 places), the same again, and (7 words, 4 x 4 places) have
 * words at 0, 20, 40 to 47, places at 0, 6, 12 to 28, and form the groups 0 to 2 and 2 to 3.
 * Members of one shape attend in one call if they stand side by side.
 *
 * @param members their shapes, in the order of their tokens; at least one
 */
public record TokenLayout(List<TokenShape> members) {
  public TokenLayout {
    members = List.copyOf(members);
    if (members.isEmpty()) {
      throw new EngineException("a batch of tokens has no members");
    }
  }

  /** The first member of each run of equal shapes, and last the number of members. */
  public long[] groups() {
    return LongStream.concat(
            IntStream.range(0, members.size())
                .filter(i -> i == 0 || !members.get(i).equals(members.get(i - 1)))
                .asLongStream(),
            LongStream.of(members.size()))
        .toArray();
  }

  /** One shape for each group. */
  public List<TokenShape> shapes() {
    long[] groups = groups();
    return IntStream.range(0, groups.length - 1)
        .mapToObj(i -> members.get((int) groups[i]))
        .toList();
  }

  /** Where each member's words begin, and last the number of all words. */
  public long[] wordOffsets() {
    return offsets(TokenShape::words);
  }

  /** Where each member's places begin, and last the number of all places. */
  public long[] placeOffsets() {
    return offsets(TokenShape::places);
  }

  /** Where each member begins if its places follow its words, and last the number of all tokens. */
  public long[] tokenOffsets() {
    return offsets(TokenShape::tokens);
  }

  /** Where each member begins among rows that are one a member. */
  long[] memberOffsets() {
    return offsets(member -> 1);
  }

  private long[] offsets(ToIntFunction<TokenShape> count) {
    long[] offsets = new long[members.size() + 1];
    for (int i = 0; i < members.size(); i++) {
      offsets[i + 1] = offsets[i] + count.applyAsInt(members.get(i));
    }
    return offsets;
  }
}
