package dev.fresco.planning.offset;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Which records of one partition are done, when they end in any order.
 *
 * <p>Goal: a record whose work has ended is never handed out again, also after its consumer died;
 * one whose work has not ended always is.
 *
 * <p>Constraints: Kafka keeps one offset per partition and group, and a short text beside it.
 *
 * <p>Algorithm: the committed offset is the lowest open record's. The text holds where reading had
 * come to and the open records from there on; every other record in between is done. So the text
 * grows with the work in hand, not with the work done. Example: records 5 to 9 were read, 6 and 8
 * are open; offset 6 is committed with the text {@code 1:10:6,8}, and the next owner skips 7 and 9.
 *
 * @param next one past the last record that was read
 * @param open records that were read and whose work has not ended
 */
public record PartitionLedger(long next, NavigableSet<Long> open) {
  private static final String VERSION = "1";

  /** Kafka's {@code offset.metadata.max.bytes} is 4,096. */
  private static final int LONGEST_NOTE = 4_000;

  public PartitionLedger {
    open = Collections.unmodifiableNavigableSet(new TreeSet<>(open));
    if (!open.isEmpty() && open.last() >= next) {
      throw new IllegalArgumentException("open record " + open.last() + " was not read: " + next);
    }
  }

  /** A partition that nobody has read from. */
  public static PartitionLedger empty() {
    return new PartitionLedger(0, new TreeSet<>());
  }

  /**
   * From what {@link #offset} and {@link #note} gave.
   *
   * @throws IllegalArgumentException if the note is of another make
   */
  public static PartitionLedger restore(long offset, String note) {
    if (note == null || note.isEmpty()) {
      return new PartitionLedger(offset, new TreeSet<>());
    }
    String[] parts = note.split(":", -1);
    if (parts.length != 3 || !parts[0].equals(VERSION)) {
      throw new IllegalArgumentException("offset note is '" + note + "'; it must be 1:NEXT:OPEN");
    }
    NavigableSet<Long> open = new TreeSet<>();
    for (String record : parts[2].isEmpty() ? new String[0] : parts[2].split(",")) {
      open.add(Long.valueOf(record));
    }
    return new PartitionLedger(Long.parseLong(parts[1]), open);
  }

  /** Whether a record's work has ended, as far as is known. */
  public boolean isDone(long record) {
    return record < next && !open.contains(record);
  }

  /** A record was read and its work begins, or begins again after its consumer died. */
  public PartitionLedger begin(long record) {
    if (isDone(record)) {
      throw new IllegalArgumentException("record " + record + " is done");
    }
    NavigableSet<Long> more = new TreeSet<>(open);
    more.add(record);
    return new PartitionLedger(Math.max(next, record + 1), more);
  }

  /** A record's work has ended. */
  public PartitionLedger end(long record) {
    NavigableSet<Long> fewer = new TreeSet<>(open);
    if (!fewer.remove(record)) {
      throw new IllegalArgumentException("record " + record + " is not open");
    }
    return new PartitionLedger(next, fewer);
  }

  /** The offset to commit. */
  public long offset() {
    return open.isEmpty() ? next : open.first();
  }

  /**
   * The text to commit beside it. Kafka refuses long ones: then it holds no more than the offset,
   * and the next owner runs again what is done behind it.
   */
  public String note() {
    StringBuilder records = new StringBuilder();
    for (long record : open) {
      records.append(records.isEmpty() ? "" : ",").append(record);
    }
    String note = VERSION + ":" + next + ":" + records;
    return note.length() <= LONGEST_NOTE ? note : VERSION + ":" + offset() + ":";
  }
}
