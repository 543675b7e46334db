package dev.fresco.cache.recording;

import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.platform.recording.RecordingFolder;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/**
 * What SREs see of recordings: {@code fresco.recordings.bytes} by tier, {@code .count}, {@code
 * .hits} by tier, {@code .misses}, {@code .left} by reason, {@code .damaged}, {@code .uploads} by
 * result.
 */
public final class RecordingMeters {
  private final MeterRegistry meters;

  public RecordingMeters(
      MeterRegistry meters, RecordingFolder<RecordingFile> folder, MemoryTier memory) {
    this.meters = meters;
    Gauge.builder("fresco.recordings.bytes", folder, RecordingFolder::bytes)
        .tag("tier", "disk")
        .description("Bytes of recordings, taken or reserved")
        .register(meters);
    Gauge.builder("fresco.recordings.bytes", memory, MemoryTier::bytes)
        .tag("tier", "memory")
        .description("Bytes of recordings, of those on the disk, that are mapped")
        .register(meters);
    Gauge.builder("fresco.recordings.count", folder, all -> all.held().size())
        .description("Recordings of this node")
        .register(meters);
  }

  void hit(String tier) {
    meters.counter("fresco.recordings.hits", "tier", tier).increment();
  }

  void miss() {
    meters.counter("fresco.recordings.misses").increment();
  }

  void left(RecordingFolder.Reason reason) {
    meters.counter("fresco.recordings.left", "reason", name(reason)).increment();
    if (reason == RecordingFolder.Reason.DAMAGED) {
      damaged();
    }
  }

  void damaged() {
    meters.counter("fresco.recordings.damaged").increment();
  }

  void upload(String result) {
    meters.counter("fresco.recordings.uploads", "result", result).increment();
  }

  private static String name(RecordingFolder.Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
