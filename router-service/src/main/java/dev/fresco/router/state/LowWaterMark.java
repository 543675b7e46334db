package dev.fresco.router.state;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/**
 * Up to where the requests may be committed: everything before the mark is assigned or has ended.
 * Jobs leave the queue in any order, so a commit waits until all requests before it are done.
 */
final class LowWaterMark {
  private final TreeMap<Long, Runnable> commits = new TreeMap<>();
  private final Set<Long> done = new HashSet<>();
  private long next;

  /** Starts anew at an offset. */
  void start(long offset) {
    commits.clear();
    done.clear();
    next = offset;
  }

  /** The oldest offset that is not done. */
  long offset() {
    return commits.isEmpty() ? next : commits.firstKey();
  }

  /**
   * A record was read.
   *
   * @param commit commits this offset and thereby all before it
   */
  void arrived(long offset, Runnable commit) {
    commits.put(offset, commit);
    next = Math.max(next, offset + 1);
  }

  /** A record needs no more work; commits as far as that allows. */
  void done(long offset) {
    done.add(offset);
    Runnable commit = null;
    while (!commits.isEmpty() && done.remove(commits.firstKey())) {
      commit = commits.pollFirstEntry().getValue();
    }
    if (commit != null) {
      commit.run();
    }
  }
}
