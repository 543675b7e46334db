package dev.fresco.platform.catalogue;

import java.util.List;
import java.util.function.Function;

/**
 * A part of a list.
 *
 * @param nextCursor for the call that continues the list, or null at its end
 */
public record Page<T>(List<T> items, String nextCursor) {
  public Page {
    items = List.copyOf(items);
  }

  /** The same part, with each item shown in another way. */
  public <V> Page<V> map(Function<? super T, V> view) {
    return new Page<>(items.stream().map(view).toList(), nextCursor);
  }
}
