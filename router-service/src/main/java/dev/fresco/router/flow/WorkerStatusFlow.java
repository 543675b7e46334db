package dev.fresco.router.flow;

import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.router.loop.RouterLoop;
import dev.fresco.router.state.RouterState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.stereotype.Component;

/** Takes in what workers say about themselves. */
@Component
public final class WorkerStatusFlow {
  private final EventCodec codec;
  private final RouterState state;
  private final RouterLoop loop;

  public WorkerStatusFlow(EventCodec codec, RouterState state, RouterLoop loop) {
    this.codec = codec;
    this.state = state;
    this.loop = loop;
  }

  public void receive(ConsumerRecord<String, String> read) {
    if (read.value() == null) {
      loop.post(() -> state.workers().gone(read.key()));
      return;
    }
    WorkerStatus status = codec.read(read.value(), WorkerStatus.class);
    loop.post(() -> state.workers().seen(status));
  }
}
