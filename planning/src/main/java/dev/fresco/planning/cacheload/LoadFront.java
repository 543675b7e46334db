package dev.fresco.planning.cacheload;

import java.util.Arrays;

/**
 * States after some layers, none of which is beaten by another in both its numbers: load rises and
 * comp falls from each to the next. Each knows the state of the front before that it came from.
 */
final class LoadFront {
  private final double[] load;
  private final double[] comp;

  /** Twice the index in the front before, plus one if the layer loads. */
  private final int[] origin;

  private int size;

  private LoadFront(int capacity) {
    load = new double[capacity];
    comp = new double[capacity];
    origin = new int[capacity];
  }

  /** Nothing loaded, nothing computed. */
  static LoadFront start() {
    LoadFront front = new LoadFront(1);
    front.add(0, 0, 0, Double.POSITIVE_INFINITY);
    return front;
  }

  int size() {
    return size;
  }

  int cameFrom(int state) {
    return origin[state] >> 1;
  }

  /** Whether the last layer loads in a state. */
  boolean loaded(int state) {
    return (origin[state] & 1) == 1;
  }

  /**
   * The front behind one more layer.
   *
   * @param latest comp that is still of use
   */
  LoadFront after(Layer layer, double latest) {
    LoadFront next = new LoadFront(2 * size);
    int without = 0;
    int with = 0;
    while (without < size || with < size) {
      double loadWith = with < size ? load[with] + layer.loadMillis() : Double.POSITIVE_INFINITY;
      if (without < size && load[without] <= loadWith) {
        next.add(load[without], comp[without] + layer.uncachedMillis(), 2 * without, latest);
        without++;
      } else {
        double compWith = Math.max(loadWith, comp[with]) + layer.cachedMillis();
        next.add(loadWith, compWith, 2 * with + 1, latest);
        with++;
      }
    }
    return next;
  }

  /** Adds a state whose load is not less than that of all before, unless one of them beats it. */
  private void add(double loadMillis, double compMillis, int from, double latest) {
    if (compMillis > latest || (size > 0 && comp[size - 1] <= compMillis)) {
      return;
    }
    if (size > 0 && load[size - 1] == loadMillis) {
      size--;
    }
    load[size] = loadMillis;
    comp[size] = compMillis;
    origin[size] = from;
    size++;
  }

  /** With every other state left out until so many are left; the one of least comp stays. */
  LoadFront thinned(int most) {
    while (size > most) {
      int kept = 0;
      for (int state = (size - 1) % 2; state < size; state += 2) {
        load[kept] = load[state];
        comp[kept] = comp[state];
        origin[kept] = origin[state];
        kept++;
      }
      size = kept;
    }
    return this;
  }

  @Override
  public String toString() {
    return "load "
        + Arrays.toString(Arrays.copyOf(load, size))
        + ", comp "
        + Arrays.toString(Arrays.copyOf(comp, size));
  }
}
