package dev.fresco.planning.straggler;

import java.time.Instant;
import java.util.OptionalDouble;

/**
 * The last {@value #LENGTH} blocks of one place and kind. Owned by one {@link OperationTrack}.
 */
final class BlockHistory {
  static final int LENGTH = 32;

  private final Block[] ring = new Block[LENGTH];
  private long count;

  void add(Block block) {
    ring[(int) (count++ % LENGTH)] = block;
  }

  boolean isFull() {
    return count >= LENGTH;
  }

  /** The block so many before the next one: 1 is the newest. */
  Block back(int blocks) {
    return ring[(int) ((count - blocks) % LENGTH)];
  }

  /** Mean logarithm of the newest blocks, 1 to {@value #LENGTH} of them. */
  double mean(int blocks) {
    double sum = 0;
    for (int i = 1; i <= blocks; i++) {
      sum += back(i).logMillis();
    }
    return sum / blocks;
  }

  /** Mean logarithm of the blocks that began at a time or later; of none, empty. */
  OptionalDouble meanSince(Instant begin) {
    int blocks = 0;
    while (blocks < Math.min(count, LENGTH) && !back(blocks + 1).begin().isBefore(begin)) {
      blocks++;
    }
    return blocks == 0 ? OptionalDouble.empty() : OptionalDouble.of(mean(blocks));
  }
}
