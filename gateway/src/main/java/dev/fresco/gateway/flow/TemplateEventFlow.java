package dev.fresco.gateway.flow;

import dev.fresco.contracts.template.Template;
import dev.fresco.contracts.template.TemplateEvent;
import dev.fresco.platform.catalogue.Change;
import dev.fresco.platform.event.EventCodec;
import org.springframework.stereotype.Component;

/** What an event of {@code fresco.templates.events} changes in what requests may name. */
@Component
public final class TemplateEventFlow {
  private final EventCodec codec;

  public TemplateEventFlow(EventCodec codec) {
    this.codec = codec;
  }

  /** The change, or null if the event is of a type that this version does not know. */
  public Change<Template> change(String json) {
    TemplateEvent event = codec.read(json, TemplateEvent.class);
    if (event instanceof TemplateEvent.Registered registered) {
      return Change.put(registered.templateId(), registered.template());
    }
    if (event instanceof TemplateEvent.Deleted deleted) {
      return Change.remove(deleted.templateId());
    }
    return null;
  }
}
