package dev.fresco.engine.mask;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.mask.MaskPlan.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How the active places of a batch's members lie one after another as tokens: member by member, row
 * by row (the prompt's, then the negative prompt's), place by place. It stays as long as the
 * members do.
 */
public final class ActiveLayout implements AutoCloseable {
  private final NDManager manager;
  private final List<ActiveMember> members;
  private final long[] rows;
  private final Map<Way, Gather> gathers = new HashMap<>();
  private final List<List<NDArray>> places = new ArrayList<>();

  /**
   * @param manager owned from now on
   * @param rows of each member, 1 or 2
   */
  public ActiveLayout(NDManager manager, List<ActiveMember> members, long[] rows) {
    this.manager = manager;
    this.members = List.copyOf(members);
    this.rows = rows.clone();
    for (int level = 0; level < members.get(0).plan().levels().size(); level++) {
      List<NDArray> each = new ArrayList<>();
      for (ActiveMember member : members) {
        int[] places = member.plan().levels().get(level).active();
        long[] active = Arrays.stream(places).asLongStream().toArray();
        each.add(manager.create(active, new Shape(active.length)));
      }
      places.add(each);
    }
  }

  public List<ActiveMember> members() {
    return members;
  }

  /** Two numbers for each member: rows, and active tokens of a row. */
  public long[] counts(int level) {
    long[] counts = new long[members.size() * 2];
    for (int i = 0; i < members.size(); i++) {
      counts[2 * i] = rows[i];
      counts[2 * i + 1] = members.get(i).plan().levels().get(level).active().length;
    }
    return counts;
  }

  /** int64, for each member its active places in the map. */
  public List<NDArray> places(int level) {
    return places.get(level);
  }

  /** Height and width of each member's map, one after the other. */
  public long[] sizes(int level) {
    return members.stream()
        .map(member -> member.plan().levels().get(level))
        .flatMapToLong(size -> LongStream.of(size.height(), size.width()))
        .toArray();
  }

  /** A convolution that keeps the size. */
  public Gather same(int level) {
    return gather(new Way(Windows.Kind.SAME, level, level, false));
  }

  /** A convolution to the next smaller size, or to the next larger one. */
  public Gather resized(int from, int to) {
    return gather(
        new Way(to > from ? Windows.Kind.HALVED : Windows.Kind.ENLARGED, from, to, false));
  }

  /** A convolution that keeps the size, from maps that are there as a whole. */
  public Gather fromWhole() {
    return gather(new Way(Windows.Kind.SAME, 0, 0, true));
  }

  /**
   * From which tokens to which.
   *
   * @param whole whether the source has all its places
   */
  private record Way(Windows.Kind kind, int from, int to, boolean whole) {
    Part part(MaskPlan plan, long rows) {
      Level level = plan.levels().get(from);
      Level source = whole ? Level.whole(level.height(), level.width()) : level;
      return new Part(
          rows, source.active().length, Windows.of(source, plan.levels().get(to), kind));
    }
  }

  private Gather gather(Way way) {
    return gathers.computeIfAbsent(
        way,
        absent ->
            joined(
                IntStream.range(0, members.size())
                    .mapToObj(i -> way.part(members.get(i).plan(), rows[i]))
                    .toList()));
  }

  /**
   * One member's share of a gather.
   *
   * @param tokens of a row of the source
   */
  private record Part(long rows, int tokens, Windows windows) {}

  private Gather joined(List<Part> parts) {
    int tokens = parts.stream().mapToInt(part -> (int) part.rows() * part.tokens()).sum();
    int rings =
        parts.stream().mapToInt(part -> (int) part.rows() * part.windows().ring().length).sum();
    int outputs =
        parts.stream().mapToInt(part -> (int) part.rows() * part.windows().taken().length).sum();
    int[] index = new int[outputs];
    List<NDArray> ringPlaces = new ArrayList<>();
    int at = 0;
    int token = 0;
    int ring = tokens;
    for (Part part : parts) {
      int[] beside = part.windows().ring();
      for (int row = 0; row < part.rows(); row++) {
        for (int taken : part.windows().taken()) {
          index[at++] =
              taken >= 0
                  ? token + taken
                  : taken == Windows.PADDING ? tokens + rings : ring - 2 - taken;
        }
        token += part.tokens();
        ring += beside.length;
      }
      ringPlaces.add(manager.create(beside, new Shape(beside.length)));
    }
    return new Gather(
        manager.create(index, new Shape(outputs / Windows.TAPS, Windows.TAPS)), ringPlaces);
  }

  @Override
  public void close() {
    manager.close();
  }
}
