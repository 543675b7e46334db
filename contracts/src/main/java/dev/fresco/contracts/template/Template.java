package dev.fresco.contracts.template;

import dev.fresco.contracts.Require;
import java.time.Instant;

/** An image that edits start from. */
public record Template(
    String id,
    String tenant,
    String name,
    int width,
    int height,
    String contentType,
    long bytes,
    String sha256,
    String objectKey,
    Instant createdAt) {
  public Template {
    Require.text("id", id);
    Require.text("tenant", tenant);
    Require.atLeast("width", width, 1);
    Require.atLeast("height", height, 1);
    Require.text("sha256", sha256);
    Require.text("objectKey", objectKey);
    Require.present("createdAt", createdAt);
  }
}
