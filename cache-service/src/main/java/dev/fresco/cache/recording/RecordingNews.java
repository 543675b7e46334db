package dev.fresco.cache.recording;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.contracts.template.TemplateEvent;
import dev.fresco.platform.event.EventPublisher;
import java.time.Clock;

/** Tells of recordings. What is not told is no harm: nobody decides by these events alone. */
public final class RecordingNews {
  private final EventPublisher events;
  private final Clock clock;

  public RecordingNews(EventPublisher events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /**
   * @param templateId null if the sender did not say
   */
  void recorded(RecordingKey key, long bytes, String templateId) {
    send(new TemplateEvent.Recorded(templateId, clock.instant(), key.id(), key, bytes), key.id());
  }

  void evicted(String id, TemplateEvent.Reason reason) {
    send(new TemplateEvent.Evicted(null, clock.instant(), id, reason), id);
  }

  /** By the recording's id: the topic is compacted, and a template's own events must stay. */
  private void send(TemplateEvent event, String id) {
    events.publish(Topics.TEMPLATES_EVENTS, id, event);
  }
}
