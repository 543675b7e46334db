package dev.fresco.contracts.template;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/** Something that happened to a template. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TemplateEvent.Registered.class, name = "registered"),
  @JsonSubTypes.Type(value = TemplateEvent.Deleted.class, name = "deleted"),
  @JsonSubTypes.Type(value = TemplateEvent.Recorded.class, name = "recorded"),
  @JsonSubTypes.Type(value = TemplateEvent.Evicted.class, name = "evicted")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface TemplateEvent {
  /** Null where several templates may be meant: recordings belong to a picture's bytes. */
  String templateId();

  Instant at();

  record Registered(String templateId, Instant at, Template template) implements TemplateEvent {}

  record Deleted(String templateId, Instant at) implements TemplateEvent {}

  /**
   * A recording can be fetched. This event and the next have the recording's id as their key.
   *
   * @param bytes of its file
   */
  record Recorded(String templateId, Instant at, String recordingId, RecordingKey key, long bytes)
      implements TemplateEvent {}

  /** A recording is gone; the next edit makes it again. */
  record Evicted(String templateId, Instant at, String recordingId, Reason reason)
      implements TemplateEvent {}

  /** Why a recording is gone. */
  enum Reason {
    /** Others needed its room. */
    ROOM,
    /** Its file was not what had been written. */
    DAMAGED,
    /** Somebody asked for it. */
    REQUESTED,
    /** No template has its picture any more. */
    TEMPLATE_DELETED;

    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
