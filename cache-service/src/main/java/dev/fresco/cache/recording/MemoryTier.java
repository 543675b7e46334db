package dev.fresco.cache.recording;

import dev.fresco.planning.eviction.EvictionPlan;
import dev.fresco.planning.eviction.EvictionPlan.Outcome;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recordings that are served from mapped memory: their pages come from the disk once, and a copy in
 * the heap is never made. Those used least recently leave when others need the room; the system
 * takes the pages back when nothing refers to the mapping any more.
 */
public final class MemoryTier {
  /** A mapping has at most 2^31 - 1 bytes. */
  private static final long WINDOW = 1L << 30;

  private final long limit;
  private final Map<String, Mapped> mapped = new HashMap<>();
  private long uses;

  /**
   * @param limit bytes; 0 for none
   */
  public MemoryTier(long limit) {
    this.limit = limit;
  }

  /** A mapped file. */
  public record Windows(List<MappedByteBuffer> parts, long bytes) {
    /** Copies bytes, as many as one mapping has; returns how many. */
    public int read(long position, byte[] target, int length) {
      MappedByteBuffer part = parts.get((int) (position / WINDOW));
      int at = (int) (position % WINDOW);
      int read = Math.min(length, part.limit() - at);
      part.get(at, target, 0, read);
      return read;
    }
  }

  private record Mapped(Windows windows, long lastUsed) {}

  /** A file's mapping, if there is room for it. The caller holds a lease of the recording. */
  public synchronized Optional<Windows> windows(String id, Path file, long bytes)
      throws IOException {
    Mapped known = mapped.get(id);
    if (known == null) {
      List<EvictionPlan.Kept> kept =
          mapped.entrySet().stream()
              .map(
                  one ->
                      new EvictionPlan.Kept(
                          one.getKey(),
                          one.getValue().windows().bytes(),
                          one.getValue().lastUsed(),
                          false))
              .toList();
      EvictionPlan plan = EvictionPlan.forBytes(bytes, limit, kept);
      if (plan.outcome() != Outcome.FITS) {
        return Optional.empty();
      }
      plan.evicted().forEach(mapped::remove);
    }
    Windows windows = known == null ? map(file, bytes) : known.windows();
    mapped.put(id, new Mapped(windows, uses++));
    return Optional.of(windows);
  }

  private static Windows map(Path file, long bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      List<MappedByteBuffer> parts = new ArrayList<>();
      for (long at = 0; at < bytes; at += WINDOW) {
        parts.add(channel.map(MapMode.READ_ONLY, at, Math.min(WINDOW, bytes - at)));
      }
      return new Windows(parts, bytes);
    }
  }

  public synchronized boolean has(String id) {
    return mapped.containsKey(id);
  }

  public synchronized void forget(String id) {
    mapped.remove(id);
  }

  /** Bytes of all that is mapped. */
  public synchronized long bytes() {
    return mapped.values().stream().mapToLong(one -> one.windows().bytes()).sum();
  }
}
