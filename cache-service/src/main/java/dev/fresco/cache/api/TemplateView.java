package dev.fresco.cache.api;

import dev.fresco.contracts.template.Template;
import java.time.Instant;

/** A template as callers see it: without whose it is and where it lies. */
record TemplateView(
    String id,
    String name,
    int width,
    int height,
    String contentType,
    long bytes,
    String sha256,
    Instant createdAt) {

  static TemplateView of(Template template) {
    return new TemplateView(
        template.id(),
        template.name(),
        template.width(),
        template.height(),
        template.contentType(),
        template.bytes(),
        template.sha256(),
        template.createdAt());
  }
}
