package dev.fresco.platform.catalogue;

import dev.fresco.contracts.Require;

/**
 * What an event does to a catalogue.
 *
 * @param record what the id stands for from now on, or null if it is gone
 */
public record Change<T>(String id, T record) {
  public Change {
    Require.text("id", id);
  }

  public static <T> Change<T> put(String id, T record) {
    return new Change<>(id, Require.present("record", record));
  }

  public static <T> Change<T> remove(String id) {
    return new Change<>(id, null);
  }
}
