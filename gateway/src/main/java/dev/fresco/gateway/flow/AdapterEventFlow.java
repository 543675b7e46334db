package dev.fresco.gateway.flow;

import dev.fresco.contracts.adapter.Adapter;
import dev.fresco.contracts.adapter.AdapterEvent;
import dev.fresco.platform.catalogue.Change;
import dev.fresco.platform.event.EventCodec;
import org.springframework.stereotype.Component;

/** What an event of {@code fresco.adapters.events} changes in what requests may name. */
@Component
public final class AdapterEventFlow {
  private final EventCodec codec;

  public AdapterEventFlow(EventCodec codec) {
    this.codec = codec;
  }

  /** The change, or null if the event is of a type that this version does not know. */
  public Change<Adapter> change(String json) {
    AdapterEvent event = codec.read(json, AdapterEvent.class);
    if (event instanceof AdapterEvent.Registered registered) {
      return Change.put(registered.adapterId(), registered.adapter());
    }
    if (event instanceof AdapterEvent.Deleted deleted) {
      return Change.remove(deleted.adapterId());
    }
    return null;
  }
}
