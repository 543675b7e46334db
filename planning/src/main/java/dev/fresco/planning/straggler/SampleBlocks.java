package dev.fresco.planning.straggler;

import java.time.Instant;
import java.util.Optional;

/**
 * Puts the samples of one place and kind together in blocks, each half an iteration or one sample.
 *
 * <p>Goal: blocks that do not depend on the order of their samples, nor on samples that come twice.
 *
 * <p>Constraints: where an iteration begins is not known, and need not be. Half an iteration, for
 * then slow samples of two iterations are in at most five blocks, however they lie.
 *
 * <p>Algorithm: a sample that is not newer than all of the block before is too late, or a second
 * copy, and left out; so is one that began when another of its own block did.
 *
 * <p>Owned by one {@link OperationTrack}.
 */
final class SampleBlocks {
  private final int samplesPerIteration;
  private final Instant[] at;
  private final double[] millis;
  private int size;
  private Instant newestBefore = Instant.MIN;

  /**
   * @param samplesPerIteration at least 1
   */
  SampleBlocks(int samplesPerIteration) {
    this.samplesPerIteration = samplesPerIteration;
    at = new Instant[Math.max(1, samplesPerIteration / 2)];
    millis = new double[at.length];
  }

  /** The most blocks that slow samples of so many iterations, one after the other, can be in. */
  int touchedBy(int iterations) {
    int whole = (iterations * samplesPerIteration + at.length - 1) / at.length;
    return at.length == 1 ? whole : whole + 1;
  }

  int samplesPerBlock() {
    return at.length;
  }

  /** Blocks that make at least an iteration. */
  int perIteration() {
    return (samplesPerIteration + at.length - 1) / at.length;
  }

  /** Whether a sample is new, and is now in the block. */
  boolean add(Sample sample) {
    if (!sample.at().isAfter(newestBefore)) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      if (at[i].equals(sample.at())) {
        return false;
      }
    }
    at[size] = sample.at();
    millis[size] = sample.millis();
    size++;
    return true;
  }

  /** The block, if it is full; the next sample begins another. */
  Optional<Block> full() {
    if (size < at.length) {
      return Optional.empty();
    }
    Instant begin = at[0];
    for (Instant one : at) {
      begin = one.isBefore(begin) ? one : begin;
      newestBefore = one.isAfter(newestBefore) ? one : newestBefore;
    }
    size = 0;
    return Optional.of(Block.of(begin, millis));
  }
}
