package dev.fresco.contracts.adapter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;

/** Something that happened to an adapter. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = AdapterEvent.Registered.class, name = "registered"),
  @JsonSubTypes.Type(value = AdapterEvent.Deleted.class, name = "deleted")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface AdapterEvent {
  String adapterId();

  Instant at();

  record Registered(String adapterId, Instant at, Adapter adapter) implements AdapterEvent {}

  record Deleted(String adapterId, Instant at) implements AdapterEvent {}
}
