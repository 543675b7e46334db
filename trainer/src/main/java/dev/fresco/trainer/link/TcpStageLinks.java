package dev.fresco.trainer.link;

import dev.fresco.engine.HostTensor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Links over TCP.
 *
 * <p>Each stage listens and connects to those that it sends to; a connection carries messages one
 * way and their receipts the other. A connection begins with a {@link Handshake}, a message is a
 * frame of {@link FrameCodec}.
 *
 * <p>Example: open one for each stage, tell each where all listen, then send and take.
 *
 * <pre>{@code
 * TcpStageLinks first = TcpStageLinks.open(identity(0), LinkSettings.loopback());
 * TcpStageLinks second = TcpStageLinks.open(identity(1), LinkSettings.loopback());
 * first.connect(Map.of(1, second.address()));
 * first.send(1, message);
 * second.take(message.key());
 * }</pre>
 */
public final class TcpStageLinks implements StageLinks {
  private static final int MOST_SAMPLES = 10_000;

  private final LinkIdentity self;
  private final LinkSettings settings;
  private final LinkClock clock;
  private final FrameCodec codec;
  private final Inbox inbox = new Inbox();
  private final LinkReceiver receiver;
  private final Map<Integer, OutgoingLink> links = new TreeMap<>();
  private final Deque<LinkSample> samples = new ArrayDeque<>();

  private TcpStageLinks(LinkIdentity self, LinkSettings settings, LinkClock clock)
      throws IOException {
    this.self = self;
    this.settings = settings;
    this.clock = clock;
    codec = new FrameCodec(settings.mostFrameBytes());
    receiver = new LinkReceiver(self, settings, codec, inbox);
  }

  /**
   * Listens from now on.
   *
   * @throws LinkException if it cannot listen at the address of the settings
   */
  public static TcpStageLinks open(LinkIdentity self, LinkSettings settings) {
    return open(self, settings, LinkClock.SYSTEM);
  }

  /** As {@link #open(LinkIdentity, LinkSettings)}, with delays and pauses by another clock. */
  public static TcpStageLinks open(LinkIdentity self, LinkSettings settings, LinkClock clock) {
    try {
      return new TcpStageLinks(self, settings, clock);
    } catch (IOException e) {
      throw new LinkException("%s cannot listen at %s".formatted(self, settings.listen()), e);
    }
  }

  /** Where this stage listens. */
  public InetSocketAddress address() {
    return receiver.address();
  }

  /** Says where other stages listen, before the first message to them. */
  public void connect(Map<Integer, InetSocketAddress> addresses) {
    addresses.forEach((stage, address) -> link(stage).address(address));
  }

  private OutgoingLink link(int stage) {
    synchronized (links) {
      return links.computeIfAbsent(
          stage, to -> new OutgoingLink(self, to, settings, clock, listener()));
    }
  }

  private OutgoingLink.Listener listener() {
    return new OutgoingLink.Listener() {
      @Override
      public void delivered(LinkSample sample) {
        synchronized (samples) {
          if (samples.size() == MOST_SAMPLES) {
            samples.removeFirst();
          }
          samples.addLast(sample);
        }
      }

      @Override
      public void failed(LinkException cause) {
        inbox.fail(cause);
      }
    };
  }

  @Override
  public void send(int toStage, Message message) throws InterruptedException {
    link(toStage).send(message.key(), codec.encode(message));
  }

  @Override
  public HostTensor take(MessageKey key) throws InterruptedException {
    return inbox.take(key, settings.takeLimit());
  }

  /** Messages that have come and were not taken. */
  int waiting() {
    return inbox.size();
  }

  @Override
  public void delegate(Map<Integer, Integer> delegatesByStage) {
    delegatesByStage.forEach((stage, number) -> link(stage).delegate(number));
  }

  @Override
  public void conditions(int toStage, LinkConditions conditions) {
    link(toStage).conditions(conditions);
  }

  @Override
  public List<LinkSample> drainSamples() {
    synchronized (samples) {
      List<LinkSample> drained = new ArrayList<>(samples);
      samples.clear();
      return drained;
    }
  }

  @Override
  public void close() {
    inbox.fail(new LinkException("the links of " + self + " are closed"));
    List<OutgoingLink> all;
    synchronized (links) {
      all = new ArrayList<>(links.values());
    }
    try {
      for (OutgoingLink link : all) {
        link.close();
      }
      receiver.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
