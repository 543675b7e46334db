package dev.fresco.cache.flow;

import dev.fresco.cache.recording.Recordings;
import dev.fresco.contracts.template.Template;
import dev.fresco.contracts.template.TemplateEvent;
import dev.fresco.platform.catalogue.Change;
import dev.fresco.platform.event.EventCodec;
import org.springframework.stereotype.Component;

/** What an event of {@code fresco.templates.events} changes in the catalogue, and here. */
@Component
public final class TemplateEventFlow {
  private final EventCodec codec;
  private final Recordings recordings;

  public TemplateEventFlow(EventCodec codec, Recordings recordings) {
    this.codec = codec;
    this.recordings = recordings;
  }

  /** The change, or null if it changes none of the templates. */
  public Change<Template> change(String json) {
    TemplateEvent event = codec.read(json, TemplateEvent.class);
    if (event instanceof TemplateEvent.Registered registered) {
      return Change.put(registered.templateId(), registered.template());
    }
    if (event instanceof TemplateEvent.Deleted deleted) {
      return Change.remove(deleted.templateId());
    }
    if (event instanceof TemplateEvent.Evicted evicted) {
      recordings.follow(evicted);
    }
    return null;
  }
}
