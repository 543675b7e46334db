package dev.fresco.router.flow;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobCancelRequested;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.event.UnreadableEventException;
import dev.fresco.router.kafka.Outbox;
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
  private final Outbox outbox;
  private final Clock clock;

  public RequestFlow(
      EventCodec codec, RouterState state, RouterLoop loop, Outbox outbox, Clock clock) {
    this.codec = codec;
    this.state = state;
    this.loop = loop;
    this.outbox = outbox;
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
      loop.post(() -> skip(read, acknowledgment));
      throw e;
    }
  }

  private void arrive(JobRequested requested, long offset, Acknowledgment acknowledgment) {
    if (state.isActive()) {
      state.queue().arrive(requested, offset, clock.instant(), acknowledgment::acknowledge);
    }
  }

  /** A job that cannot be read ends here, or it would never end. */
  private void skip(ConsumerRecord<String, String> read, Acknowledgment acknowledgment) {
    if (state.isActive()) {
      if (read.key() != null) {
        String message = "the request could not be read by this version of the router";
        outbox.event(
            new JobEvent.Failed(read.key(), clock.instant(), ErrorCode.INTERNAL_ERROR, message));
      }
      state.queue().skip(read.offset(), acknowledgment::acknowledge);
    }
  }
}
