package dev.fresco.platform.recording;

import dev.fresco.planning.eviction.EvictionPlan;
import dev.fresco.planning.eviction.EvictionPlan.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much a {@link RecordingFolder} may take: what is set, or less if the disk has less. */
record FolderLimit(RecordingFolder.Settings settings) {
  private static final Logger log = LoggerFactory.getLogger(FolderLimit.class);

  /**
   * What leaves so that so many more bytes fit.
   *
   * @throws RecordingUnavailableException if they do not fit
   */
  List<String> leaving(long bytes, List<? extends FolderEntry<?>> entries) {
    // What drafts have written already is unknown: as if it were nothing.
    long written = entries.stream().filter(one -> !one.draft).mapToLong(one -> one.bytes).sum();
    long limit = Math.min(settings.limit(), written + usable());
    EvictionPlan plan =
        EvictionPlan.forBytes(
            Math.max(bytes, 0), limit, entries.stream().map(FolderEntry::kept).toList());
    if (plan.outcome() != Outcome.FITS && bytes > 0) {
      throw RecordingUnavailableException.noRoom(
          "no room for a recording of %d bytes: %s; the limit is %d (%s), or %d by the disk of %s"
              .formatted(
                  bytes,
                  plan.outcome() == Outcome.PINNED ? "others are in use" : "it is larger than all",
                  settings.limit(),
                  settings.limitKnob(),
                  limit,
                  settings.folder()));
    }
    return plan.evicted();
  }

  private long usable() {
    try {
      return Math.max(
          0, Files.getFileStore(settings.folder()).getUsableSpace() - settings.diskReserve());
    } catch (IOException e) {
      log.warn("how much room the disk of {} has is unknown", settings.folder(), e);
      return Long.MAX_VALUE / 2;
    }
  }
}
