package dev.fresco.engine;

import java.util.Optional;

/**
 * A rectangle on a map of places or pixels.
 *
 * @param top first row, from 0
 * @param left first column, from 0
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record Region(int top, int left, int height, int width) {
  public Region {
    if (top < 0 || left < 0 || height < 1 || width < 1) {
      throw new EngineException(
          "a region has top %d, left %d, height %d, width %d; from 0, 0, 1, 1 on"
              .formatted(top, left, height, width));
    }
  }

  /** All of a map. */
  public static Region whole(int height, int width) {
    return new Region(0, 0, height, width);
  }

  /**
   * The smallest that has all places of a mask.
   *
   * @param mask {@code [height, width]}; what is not 0 belongs to it
   * @return empty if everything is 0
   */
  public static Optional<Region> around(HostTensor mask) {
    int width = (int) mask.shape()[1];
    int top = Integer.MAX_VALUE;
    int left = Integer.MAX_VALUE;
    int bottom = -1;
    int right = -1;
    for (int i = 0; i < mask.data().length; i++) {
      if (mask.data()[i] != 0) {
        top = Math.min(top, i / width);
        bottom = Math.max(bottom, i / width);
        left = Math.min(left, i % width);
        right = Math.max(right, i % width);
      }
    }
    return bottom < 0
        ? Optional.empty()
        : Optional.of(new Region(top, left, bottom - top + 1, right - left + 1));
  }

  /** Row after the last. */
  public int bottom() {
    return top + height;
  }

  /** Column after the last. */
  public int right() {
    return left + width;
  }

  /** Larger by so many places on each side, as far as the other one goes. */
  public Region grown(int by, Region limit) {
    return between(
        Math.max(limit.top, top - by),
        Math.max(limit.left, left - by),
        Math.min(limit.bottom(), bottom() + by),
        Math.min(limit.right(), right() + by));
  }

  /** The same on a map that is larger by a whole factor. */
  public Region times(int factor) {
    return new Region(top * factor, left * factor, height * factor, width * factor);
  }

  /** The smallest on a map that is smaller by a whole factor which has all of it. */
  public Region dividedBy(int factor) {
    return between(
        top / factor,
        left / factor,
        (bottom() + factor - 1) / factor,
        (right() + factor - 1) / factor);
  }

  /** The same as seen from another that has all of it. */
  public Region within(Region outer) {
    if (!outer.contains(this)) {
      throw new EngineException(this + " is not within " + outer);
    }
    return new Region(top - outer.top, left - outer.left, height, width);
  }

  public boolean contains(Region other) {
    return top <= other.top
        && left <= other.left
        && bottom() >= other.bottom()
        && right() >= other.right();
  }

  private static Region between(int top, int left, int bottom, int right) {
    return new Region(top, left, bottom - top, right - left);
  }
}
