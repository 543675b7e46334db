package dev.fresco.cache.api;

import dev.fresco.cache.recording.RecordingCopy;
import dev.fresco.contracts.template.Template;
import java.time.Instant;
import java.util.List;

/** A template as callers see it: without whose it is and where it lies. */
record TemplateView(
    String id,
    String name,
    int width,
    int height,
    String contentType,
    long bytes,
    String sha256,
    Instant createdAt,
    List<RecordingView> recordings) {

  static TemplateView of(Template template, List<RecordingCopy> recordings) {
    return new TemplateView(
        template.id(),
        template.name(),
        template.width(),
        template.height(),
        template.contentType(),
        template.bytes(),
        template.sha256(),
        template.createdAt(),
        recordings.stream().map(RecordingView::of).toList());
  }
}
