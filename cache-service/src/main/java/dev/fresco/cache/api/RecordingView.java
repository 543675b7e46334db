package dev.fresco.cache.api;

import dev.fresco.cache.recording.RecordingCopy;
import dev.fresco.contracts.template.RecordingKey;
import java.time.Instant;
import java.util.Locale;

/**
 * A node's copy of a recording, as operators see it.
 *
 * @param tier {@code memory} or {@code disk}
 * @param pins how many hold it at present
 */
record RecordingView(
    String id,
    RecordingKey key,
    long bytes,
    String node,
    String tier,
    int pins,
    long hits,
    Instant recordedAt,
    Instant lastUsedAt) {

  static RecordingView of(RecordingCopy copy) {
    return new RecordingView(
        copy.id(),
        copy.key(),
        copy.bytes(),
        copy.node(),
        copy.tier().name().toLowerCase(Locale.ROOT),
        copy.pins(),
        copy.hits(),
        copy.recordedAt(),
        copy.lastUsedAt());
  }
}
