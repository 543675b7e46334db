package dev.fresco.worker.flow;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobCancelRequested;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.worker.job.CancelledJobs;
import dev.fresco.worker.loop.DenoisingLoop;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.PartitionOffset;
import org.springframework.kafka.annotation.TopicPartition;

/**
 * Somebody cancelled a job, of this worker or not. Every worker reads every cancellation that the
 * topic keeps, so that a job that moves here after its cancellation does not run.
 */
public final class JobCancelRequestedFlow {
  private final EventCodec codec;
  private final CancelledJobs cancelled;
  private final DenoisingLoop loop;

  public JobCancelRequestedFlow(EventCodec codec, CancelledJobs cancelled, DenoisingLoop loop) {
    this.codec = codec;
    this.cancelled = cancelled;
    this.loop = loop;
  }

  @KafkaListener(
      id = "job-cancelled",
      idIsGroup = false,
      containerFactory = "followers",
      topicPartitions =
          @TopicPartition(
              topic = Topics.JOBS_CANCELLED,
              partitionOffsets = @PartitionOffset(partition = "0", initialOffset = "0")))
  public void on(ConsumerRecord<String, String> record) {
    JobCancelRequested request = codec.read(record.value(), JobCancelRequested.class);
    cancelled.add(request.jobId());
    loop.cancel(request.jobId());
  }
}
