package dev.fresco.planning.eviction;

import dev.fresco.contracts.Require;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * What leaves a store of limited bytes so that something fits.
 *
 * <p>Goal: what is likely to be used again stays.
 *
 * <p>Constraints: what is pinned stays; nothing leaves unless the newcomer then fits.
 *
 * <p>Algorithm: the least recently used leave, one after the other, until there is room. Then, from
 * the most recently used of them on, each stays after all that is not needed: a large one that left
 * last may make up for small ones that left before it. Ties go by id.
 *
 * <p>Example: of 10 bytes, a (2 bytes, used first), b (7, used next) and c (1) are taken, and 6 are
 * needed. a and b would leave; b alone makes room, so a stays.
 *
 * @param evicted ids of what leaves, the least recently used first; none if it does not fit
 */
public record EvictionPlan(Outcome outcome, List<String> evicted) {
  public EvictionPlan {
    evicted = List.copyOf(evicted);
  }

  /** Whether something fits. */
  public enum Outcome {
    FITS,
    /** It is larger than the whole store. */
    LARGER_THAN_THE_LIMIT,
    /** What is pinned leaves too little. */
    PINNED
  }

  /**
   * Something in the store.
   *
   * @param lastUsed any measure of time that grows
   * @param pinned whether it must stay
   */
  public record Kept(String id, long bytes, long lastUsed, boolean pinned) {
    public Kept {
      Require.text("id", id);
      if (bytes < 0) {
        throw new IllegalArgumentException("bytes is " + bytes + "; it must be at least 0");
      }
    }
  }

  private static final Comparator<Kept> BY_USE =
      Comparator.comparingLong(Kept::lastUsed).thenComparing(Kept::id);

  /** Makes room for so many bytes. */
  public static EvictionPlan forBytes(long bytes, long limit, Collection<Kept> kept) {
    if (bytes > limit) {
      return new EvictionPlan(Outcome.LARGER_THAN_THE_LIMIT, List.of());
    }
    long over = kept.stream().mapToLong(Kept::bytes).sum() + bytes - limit;
    List<Kept> leaving = new ArrayList<>();
    for (Kept next : kept.stream().filter(one -> !one.pinned()).sorted(BY_USE).toList()) {
      if (over <= 0) {
        break;
      }
      leaving.add(next);
      over -= next.bytes();
    }
    if (over > 0) {
      return new EvictionPlan(Outcome.PINNED, List.of());
    }
    return new EvictionPlan(Outcome.FITS, withoutNeedless(leaving, -over));
  }

  private static List<String> withoutNeedless(List<Kept> leaving, long spare) {
    List<String> evicted = new ArrayList<>();
    long left = spare;
    for (int i = leaving.size() - 1; i >= 0; i--) {
      Kept one = leaving.get(i);
      if (one.bytes() <= left) {
        left -= one.bytes();
      } else {
        evicted.add(0, one.id());
      }
    }
    return evicted;
  }
}
