package dev.fresco.router.flow;

import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobState;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.router.loop.RouterLoop;
import dev.fresco.router.state.RouterState;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.stereotype.Component;

/**
 * Takes in what happens to jobs: an ended one frees its worker, and one that went on without this
 * router leaves the queue.
 */
@Component
public final class JobEventFlow {
  private final EventCodec codec;
  private final RouterState state;
  private final RouterLoop loop;
  private final Clock clock;

  public JobEventFlow(EventCodec codec, RouterState state, RouterLoop loop, Clock clock) {
    this.codec = codec;
    this.state = state;
    this.loop = loop;
    this.clock = clock;
  }

  public void receive(ConsumerRecord<String, String> read) {
    JobEvent event = codec.read(read.value(), JobEvent.class);
    boolean newsForTheQueue =
        event != null && !(event instanceof JobEvent.Step) && event.state() != JobState.QUEUED;
    if (newsForTheQueue) {
      loop.post(() -> apply(event));
    }
  }

  private void apply(JobEvent event) {
    if (!state.isActive()) {
      return;
    }
    state.queue().leave(event.jobId(), clock.instant());
    if (event.state().isTerminal()) {
      state.workers().ended(event.jobId());
    }
  }
}
