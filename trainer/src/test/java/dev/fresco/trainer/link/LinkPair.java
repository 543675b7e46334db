package dev.fresco.trainer.link;

import dev.fresco.engine.HostTensor;
import java.time.Duration;
import java.util.Map;

/** Two stages of a job, 0 and 1, on the loopback interface. */
final class LinkPair implements AutoCloseable {
  final TcpStageLinks first;
  final TcpStageLinks second;

  LinkPair(LinkSettings settings, LinkClock clock) {
    first = TcpStageLinks.open(identity(0), settings, clock);
    second = TcpStageLinks.open(identity(1), settings, LinkClock.SYSTEM);
    first.connect(Map.of(1, second.address()));
    second.connect(Map.of(0, first.address()));
  }

  static LinkIdentity identity(int stage) {
    return new LinkIdentity("job", 0, 0, stage, "secret");
  }

  /** As in earnest, but a message may only be waited for so long. */
  static LinkSettings patience(Duration takeLimit) {
    return LinkSettings.loopback()
        .withTakeLimit(takeLimit)
        .withTries(40, Duration.ofMillis(1), Duration.ofMillis(4));
  }

  static MessageKey activation(int microbatch) {
    return new MessageKey(MessageKind.ACTIVATION, 0, microbatch, 1);
  }

  static MessageKey gradient(int microbatch) {
    return new MessageKey(MessageKind.GRADIENT, 0, microbatch, 0);
  }

  /** A message that says its own microbatch. */
  static Message message(MessageKey key) {
    return new Message(key, HostTensor.of(new float[] {key.microbatch()}, 1));
  }

  @Override
  public void close() {
    first.close();
    second.close();
  }
}
