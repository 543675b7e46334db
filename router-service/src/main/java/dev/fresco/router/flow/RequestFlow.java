package dev.fresco.router.flow;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobCancelRequested;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.event.UnreadableEventException;
import dev.fresco.router.loop.RouterLoop;
import dev.fresco.router.state.RouterState;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.support.Acknowledgment;
import org.springframework.stereotype.Component;

/**
 * Takes in requests for jobs and requests to cancel them. One consumer reads both topics, so that
 * one router has both.
 */
@Component
public final class RequestFlow {
  private final EventCodec codec;
  private final RouterState state;
  private final RouterLoop loop;
  private final Clock clock;

  public RequestFlow(EventCodec codec, RouterState state, RouterLoop loop, Clock clock) {
    this.codec = codec;
    this.state = state;
    this.loop = loop;
    this.clock = clock;
  }

  @KafkaListener(
      id = "router",
      groupId = "${fresco.router.group:router}",
      topics = {Topics.JOBS_REQUESTED, Topics.JOBS_CANCELLED},
      properties = "partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor")
  public void receive(ConsumerRecord<String, String> read, Acknowledgment acknowledgment) {
    if (read.topic().equals(Topics.JOBS_CANCELLED)) {
      cancel(decode(read, JobCancelRequested.class));
      // A takeover reads all of them again, so nothing hangs on this offset.
      acknowledgment.acknowledge();
    } else {
      request(read, acknowledgment);
    }
  }

  private <T> T decode(ConsumerRecord<String, String> read, Class<T> type) {
    T event = codec.read(read.value(), type);
    if (event == null) {
      throw new UnreadableEventException("an empty " + type.getSimpleName(), null);
    }
    return event;
  }

  private void cancel(JobCancelRequested cancel) {
    loop.post(() -> state.cancel(cancel.jobId(), clock.instant()));
  }

  private void request(ConsumerRecord<String, String> read, Acknowledgment acknowledgment) {
    try {
      JobRequested requested = decode(read, JobRequested.class);
      loop.post(() -> arrive(requested, read.offset(), acknowledgment));
    } catch (UnreadableEventException e) {
      loop.post(() -> skip(read.offset(), acknowledgment));
      throw e;
    }
  }

  private void arrive(JobRequested requested, long offset, Acknowledgment acknowledgment) {
    if (state.isActive()) {
      state.queue().arrive(requested, offset, clock.instant(), acknowledgment::acknowledge);
    }
  }

  private void skip(long offset, Acknowledgment acknowledgment) {
    if (state.isActive()) {
      state.queue().skip(offset, acknowledgment::acknowledge);
    }
  }
}
