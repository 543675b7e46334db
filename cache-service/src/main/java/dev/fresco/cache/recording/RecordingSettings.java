package dev.fresco.cache.recording;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of a node that keeps recordings.
 *
 * @param node its name; no two nodes may share one
 * @param address under which other nodes reach this one; null for the host's first address
 * @param folder this node's own
 * @param disk bytes of all recordings
 * @param diskReserve bytes of the disk that are left to others
 * @param memory bytes of recordings that are served from mapped memory
 * @param heartbeat how often the node says that it is there; after three that are missing, others
 *     do not ask it any more
 * @param longestPin how long a pin lasts at most, unless it is renewed
 * @param fetchWait how long a caller waits until another node's recording begins to arrive
 * @param bandwidth at which recordings of other nodes are fetched, per second; 0 for no limit
 */
@ConfigurationProperties("fresco.recordings")
public record RecordingSettings(
    @DefaultValue("cache-0") String node,
    URI address,
    @DefaultValue(".fresco/cache-recordings") Path folder,
    @DefaultValue("50GB") DataSize disk,
    @DefaultValue("1GB") DataSize diskReserve,
    @DefaultValue("2GB") DataSize memory,
    @DefaultValue("3s") Duration heartbeat,
    @DefaultValue("10m") Duration longestPin,
    @DefaultValue("10s") Duration fetchWait,
    @DefaultValue("0B") DataSize bandwidth) {
  static final String DISK_KNOB = "fresco.recordings.disk";
}
