package dev.fresco.platform.catalogue;

import java.util.List;

/**
 * A part of a list.
 *
 * @param nextCursor for the call that continues the list, or null at its end
 */
public record Page<T>(List<T> items, String nextCursor) {
  public Page {
    items = List.copyOf(items);
  }
}
