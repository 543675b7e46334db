package dev.fresco.worker.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of edits and of the recordings that make them fast.
 *
 * @param margin places of the latents around the mask that are painted too
 * @param feather pixels inside the mask over which the seam is mixed
 * @param breakEven share of the picture from which on an edit runs dense, 0 to 1; null for what the
 *     steps so far say
 * @param record whether a template is recorded beside its first edit
 * @param int8 whether recordings that are made take half the bytes, and are less exact
 * @param fetchWait how long an edit that could start waits for its recording to be fetched
 * @param templateMemory bytes of the heap for templates that are encoded
 * @param recordingFolder where recordings lie, in a folder with this worker's id
 * @param recordingDisk bytes of these recordings
 * @param diskReserve bytes of the disk that are left to others
 * @param bandwidth at which recordings are fetched, per second; 0 for no limit
 * @param storageBandwidth at which recordings are read from the folder at most, per second: then it
 *     is planned which steps are worth it; 0 for no limit
 * @param cacheService where the recordings of all workers are kept
 * @param transferLimit within which a recording must be fetched or taken
 */
@ConfigurationProperties("fresco.worker.edit")
public record EditSettings(
    @DefaultValue("0") int margin,
    @DefaultValue("4") int feather,
    Double breakEven,
    @DefaultValue("true") boolean record,
    @DefaultValue("false") boolean int8,
    @DefaultValue("2s") Duration fetchWait,
    @DefaultValue("64MB") DataSize templateMemory,
    @DefaultValue(".fresco/worker-recordings") Path recordingFolder,
    @DefaultValue("16GB") DataSize recordingDisk,
    @DefaultValue("1GB") DataSize diskReserve,
    @DefaultValue("0B") DataSize bandwidth,
    @DefaultValue("0B") DataSize storageBandwidth,
    @DefaultValue("http://127.0.0.1:8083") URI cacheService,
    @DefaultValue("60s") Duration transferLimit) {

  private static final int WIDEST = 1024;

  public EditSettings {
    requireWithin("fresco.worker.edit.margin", margin, WIDEST);
    requireWithin("fresco.worker.edit.feather", feather, WIDEST);
    requireWithin("fresco.worker.edit.break-even", breakEven == null ? 0 : breakEven, 1);
  }

  private static void requireWithin(String setting, double value, double most) {
    if (!(value >= 0 && value <= most)) {
      throw new IllegalArgumentException(
          "%s is %s; it must be 0 to %s".formatted(setting, value, most));
    }
  }
}
