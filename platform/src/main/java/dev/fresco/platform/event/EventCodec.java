package dev.fresco.platform.event;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events as JSON. Fields and event types that a reader does not know are passed over, so that
 * senders may add them.
 */
public final class EventCodec {
  private final JsonMapper mapper =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_INVALID_SUBTYPE)
          .build();

  public String write(Object event) {
    return mapper.writeValueAsString(event);
  }

  /**
   * Reads an event.
   *
   * @return the event, or null if it is of a type that this version does not know
   * @throws UnreadableEventException if the text is no such event
   */
  public <T> T read(String json, Class<T> type) {
    try {
      return mapper.readValue(json, type);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UnreadableEventException(
          "not a readable " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
  }
}
