package dev.fresco.planning.training;

import dev.fresco.contracts.Require;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a job's times are measured.
 *
 * @param sort what it is
 * @param index the stage, or for a link the stage before it
 * @param replica that it belongs to; of a group the one that sends
 * @param receiver of a group the replica that receives; else the same as {@code replica}
 */
record Place(Sort sort, int index, int replica, int receiver) {
  private static final Pattern TEXT =
      Pattern.compile(
          "(stage|link|group) ([0-9]{1,6})(?: of replica ([0-9]{1,6}))?(?: to ([0-9]{1,6}))?");

  enum Sort {
    STAGE,
    /** Between a stage and the next one. */
    LINK,
    /** Between the replicas of a stage. */
    GROUP
  }

  Place {
    Require.present("sort", sort);
  }

  static Place stage(int stage, int replica) {
    return new Place(Sort.STAGE, stage, replica, replica);
  }

  static Place link(int before, int replica) {
    return new Place(Sort.LINK, before, replica, replica);
  }

  static Place group(int stage, int from, int to) {
    return new Place(Sort.GROUP, stage, from, to);
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if it is no such text
   */
  static Place read(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no place such as link 0");
    }
    int replica = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    int receiver = matcher.group(4) == null ? replica : Integer.parseInt(matcher.group(4));
    return new Place(
        Sort.valueOf(matcher.group(1).toUpperCase(Locale.ROOT)),
        Integer.parseInt(matcher.group(2)),
        replica,
        receiver);
  }

  /** Such as {@code link 0}, {@code stage 2 of replica 1}, {@code group 2 of replica 0 to 1}. */
  @Override
  public String toString() {
    String name = sort.name().toLowerCase(Locale.ROOT) + " " + index;
    if (sort == Sort.GROUP) {
      return name + " of replica " + replica + " to " + receiver;
    }
    return replica == 0 ? name : name + " of replica " + replica;
  }
}
