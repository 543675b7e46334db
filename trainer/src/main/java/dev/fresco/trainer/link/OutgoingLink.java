package dev.fresco.trainer.link;

import dev.fresco.contracts.Require;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from a stage to another.
 *
 * <p>Goal: no message lost or doubled, whatever becomes of connections; no sender held up by a slow
 * link that has delegates.
 *
 * <p>Algorithm: each kind of message has its {@link Delegate}s, which take microbatches in turn
 * (Adaptra, arXiv:2504.19232). A message is delivered when the other side has said so, on the
 * connection that it came on; until then it is tried again, first at once by the next delegate,
 * later after pauses. The other side drops what comes twice. A blocking link is one of a single
 * delegate whose sender waits for the delivery.
 */
final class OutgoingLink {
  private static final Logger log = LoggerFactory.getLogger(OutgoingLink.class);

  /** Who is told what becomes of messages. */
  interface Listener {
    void delivered(LinkSample sample);

    void failed(LinkException cause);
  }

  private final LinkIdentity self;
  private final int toStage;
  private final LinkSettings settings;
  private final LinkClock clock;
  private final Listener listener;
  private final LinkEmulation emulation;
  private final Map<MessageKind, List<Delegate>> delegates = new EnumMap<>(MessageKind.class);
  private final List<Delegate> retired = new ArrayList<>();
  private InetSocketAddress address;
  private int delegated;
  private LinkException failure;

  OutgoingLink(
      LinkIdentity self, int toStage, LinkSettings settings, LinkClock clock, Listener listener) {
    this.self = self;
    this.toStage = toStage;
    this.settings = settings;
    this.clock = clock;
    this.listener = listener;
    emulation = new LinkEmulation(clock);
    for (MessageKind kind : MessageKind.values()) {
      delegates.put(kind, new ArrayList<>());
    }
  }

  /** Where the other side listens. */
  synchronized void address(InetSocketAddress to) {
    address = to;
  }

  void conditions(LinkConditions conditions) {
    emulation.conditions(conditions);
  }

  /** How many delegates each kind of message has; 0 for a blocking link. */
  synchronized void delegate(int number) {
    Require.atLeast("the number of delegates of the link to stage " + toStage, number, 0);
    delegated = number;
    retired.removeIf(Delegate::ended);
    for (List<Delegate> ofKind : delegates.values()) {
      while (ofKind.size() > Math.max(1, number)) {
        Delegate last = ofKind.remove(ofKind.size() - 1);
        last.retire();
        retired.add(last);
      }
    }
  }

  /** As {@link StageLinks#send}. */
  void send(MessageKey key, byte[] frame) throws InterruptedException {
    Parcel parcel = new Parcel(key, frame);
    boolean blocking;
    synchronized (this) {
      if (failure != null) {
        throw new LinkException(failure.getMessage(), failure);
      }
      if (address == null) {
        throw new LinkException("stage " + toStage + " has no address");
      }
      blocking = delegated == 0;
      delegateOf(key).add(parcel);
    }
    if (blocking) {
      parcel.awaitDelivery();
    }
  }

  private Delegate delegateOf(MessageKey key) {
    List<Delegate> ofKind = delegates.get(key.kind());
    while (ofKind.size() < Math.max(1, delegated)) {
      ofKind.add(
          new Delegate(
              "link-%d-%d-%s-%d".formatted(self.stage(), toStage, key.kind(), ofKind.size()),
              this));
    }
    return ofKind.get(key.microbatch() % ofKind.size());
  }

  /** For its delegates: whether a parcel is still to be carried; if not, its sender is told. */
  synchronized boolean wants(Parcel parcel) {
    if (failure != null) {
      parcel.failed(failure);
    }
    return failure == null;
  }

  void open(PeerConnection connection) throws IOException {
    InetSocketAddress to;
    synchronized (this) {
      to = address;
    }
    connection.open(to, self, toStage, settings.replyLimit());
  }

  long nanos() {
    return clock.nanos();
  }

  /** Waits as long as the emulated link takes for a message of so many bytes. */
  void pass(int bytes) throws InterruptedException {
    emulation.pass(bytes);
  }

  void pauseBefore(Parcel parcel) throws InterruptedException {
    long pause = settings.pauseAfter(parcel.failures()).toNanos();
    if (pause > 0) {
      clock.sleepUntil(clock.nanos() + pause);
    }
  }

  void delivered(Parcel parcel, long start) {
    double millis = (clock.nanos() - start) / 1e6;
    listener.delivered(new LinkSample(toStage, parcel.key().kind(), clock.now(), millis));
    parcel.delivered();
  }

  /** A try failed: the next delegate's turn, or nobody's. */
  void failed(Parcel parcel, Delegate by, IOException cause) {
    parcel.countFailure();
    if (parcel.failures() >= settings.tries()) {
      fail(
          new LinkException(
              "the link from stage %d to stage %d failed: %s could not be delivered in %d tries: %s"
                  .formatted(self.stage(), toStage, parcel.key(), parcel.failures(), cause),
              cause));
    }
    synchronized (this) {
      if (wants(parcel)) {
        log.debug("{} to stage {} is sent again", parcel.key(), toStage, cause);
        List<Delegate> ofKind = delegates.get(parcel.key().kind());
        ofKind.get((ofKind.indexOf(by) + 1) % ofKind.size()).addFirst(parcel);
      }
    }
  }

  private void fail(LinkException cause) {
    synchronized (this) {
      if (failure != null) {
        return;
      }
      failure = cause;
    }
    log.warn("{}", cause.getMessage());
    listener.failed(cause);
  }

  /** Gives up what is queued, and returns when all its threads have ended. */
  void close() throws InterruptedException {
    List<Delegate> all;
    synchronized (this) {
      if (failure == null) {
        failure = new LinkException("the links of " + self + " are closed");
      }
      all = new ArrayList<>(retired);
      delegates.values().forEach(all::addAll);
    }
    for (Delegate delegate : all) {
      delegate.close();
    }
  }
}
