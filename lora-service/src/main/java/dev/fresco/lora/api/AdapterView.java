package dev.fresco.lora.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.adapter.Adapter;
import java.time.Instant;
import java.util.List;

/** An adapter as callers see it: without whose it is and where it lies. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AdapterView(
    String id,
    Adapter.Kind kind,
    String name,
    String format,
    String baseModel,
    String family,
    List<Integer> ranks,
    List<String> targets,
    int layers,
    long bytes,
    String sha256,
    Instant createdAt) {

  static AdapterView of(Adapter adapter) {
    return new AdapterView(
        adapter.id(),
        adapter.kind(),
        adapter.name(),
        adapter.format(),
        adapter.baseModel(),
        adapter.family(),
        adapter.ranks(),
        adapter.targets(),
        adapter.layers(),
        adapter.bytes(),
        adapter.sha256(),
        adapter.createdAt());
  }
}
