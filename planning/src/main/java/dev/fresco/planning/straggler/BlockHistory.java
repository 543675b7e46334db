package dev.fresco.planning.straggler;

import java.time.Instant;

/** The last {@value #LENGTH} blocks of one place and kind. Owned by one {@link OperationTrack}. */
final class BlockHistory {
  static final int LENGTH = 64;

  private final Block[] ring = new Block[LENGTH];
  private long count;

  void add(Block block) {
    ring[(int) (count++ % LENGTH)] = block;
  }

  /** How many are known. */
  int size() {
    return (int) Math.min(count, LENGTH);
  }

  /** The block so many before the next one: 1 is the newest. */
  Block back(int blocks) {
    return ring[(int) ((count - blocks) % LENGTH)];
  }

  /** Mean logarithm of the newest blocks, 1 to {@value #LENGTH} of them. */
  double mean(int blocks) {
    return meanBefore(0, blocks);
  }

  /** Mean logarithm of so many blocks before the newest ones. */
  double meanBefore(int newest, int blocks) {
    double sum = 0;
    for (int i = newest + 1; i <= newest + blocks; i++) {
      sum += back(i).logMillis();
    }
    return sum / blocks;
  }

  /** Median logarithm of so many blocks, or as many as are known, before the newest ones. */
  double medianBefore(int newest, int blocks) {
    double[] logs = new double[Math.min(blocks, size() - newest)];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = back(newest + 1 + i).logMillis();
    }
    return Median.of(logs);
  }

  /** How many of the blocks known began at a time or later. */
  int since(Instant begin) {
    int blocks = 0;
    while (blocks < size() && !back(blocks + 1).begin().isBefore(begin)) {
      blocks++;
    }
    return blocks;
  }
}
