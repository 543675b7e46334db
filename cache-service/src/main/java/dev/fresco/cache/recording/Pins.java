package dev.fresco.cache.recording;

import dev.fresco.platform.recording.RecordingLease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps recordings for those who will need them. A pin has a holder, for example a worker, and an
 * end: a holder that dies does not keep a recording for ever.
 */
final class Pins {
  private final Clock clock;
  private final Map<Key, Pin> pins = new HashMap<>();

  Pins(Clock clock) {
    this.clock = clock;
  }

  private record Key(String id, String holder) {}

  private record Pin(RecordingLease<?> lease, Instant end) {}

  /** Prolongs a pin; false if there is none. */
  synchronized boolean prolong(String id, String holder, Duration time) {
    return pins.computeIfPresent(
            new Key(id, holder), (key, pin) -> new Pin(pin.lease(), clock.instant().plus(time)))
        != null;
  }

  /** Sets a pin, which closes the lease when it ends. */
  synchronized void set(String id, String holder, Duration time, RecordingLease<?> lease) {
    Pin before = pins.put(new Key(id, holder), new Pin(lease, clock.instant().plus(time)));
    if (before != null) {
      before.lease().close();
    }
  }

  synchronized void unpin(String id, String holder) {
    Pin pin = pins.remove(new Key(id, holder));
    if (pin != null) {
      pin.lease().close();
    }
  }

  /** Lets go of what has come to its end. */
  synchronized void expire() {
    Instant now = clock.instant();
    pins.values()
        .removeIf(
            pin -> {
              boolean ended = !pin.end().isAfter(now);
              if (ended) {
                pin.lease().close();
              }
              return ended;
            });
  }
}
