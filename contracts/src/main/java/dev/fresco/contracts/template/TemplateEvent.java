package dev.fresco.contracts.template;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;

/** Something that happened to a template. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = TemplateEvent.Registered.class, name = "registered"),
  @JsonSubTypes.Type(value = TemplateEvent.Deleted.class, name = "deleted")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface TemplateEvent {
  String templateId();

  Instant at();

  record Registered(String templateId, Instant at, Template template) implements TemplateEvent {}

  record Deleted(String templateId, Instant at) implements TemplateEvent {}
}
