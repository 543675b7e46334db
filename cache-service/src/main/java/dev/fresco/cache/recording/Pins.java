package dev.fresco.cache.recording;

import dev.fresco.platform.recording.RecordingLease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

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

  /**
   * Sets or prolongs a pin.
   *
   * @param lease takes the recording, if it is not pinned by this holder yet; null if it cannot
   * @return false if there is no such recording
   */
  synchronized boolean pin(
      String id, String holder, Duration time, Supplier<RecordingLease<?>> lease) {
    Key key = new Key(id, holder);
    Pin known = pins.get(key);
    RecordingLease<?> held = known == null ? lease.get() : known.lease();
    if (held == null) {
      return false;
    }
    pins.put(key, new Pin(held, clock.instant().plus(time)));
    return true;
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
