package dev.fresco.cache.recording;

import dev.fresco.contracts.template.RecordingKey;
import java.time.Instant;

/**
 * A node's copy of a recording, as it tells others.
 *
 * @param tier where it is served from
 * @param pins holders that keep it from being evicted
 */
public record RecordingCopy(
    String id,
    RecordingKey key,
    long bytes,
    String node,
    Tier tier,
    int pins,
    long hits,
    Instant recordedAt,
    Instant lastUsedAt) {

  /** Where a copy lies. */
  public enum Tier {
    MEMORY,
    DISK
  }
}
