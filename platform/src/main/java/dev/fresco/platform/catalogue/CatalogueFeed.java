package dev.fresco.platform.catalogue;

/** Reads the events of a topic for a {@link CatalogueFollower}; called by one thread, in order. */
@FunctionalInterface
public interface CatalogueFeed<T> {

  /**
   * What an event changes.
   *
   * @param offset of the event in the topic; the same event may be read again
   * @return the change, or null if it changes nothing
   * @throws dev.fresco.platform.event.UnreadableEventException if the text is no event
   */
  Change<T> change(long offset, String json);

  /** The event of a key has been applied. */
  default void applied(String key) {}
}
