package dev.fresco.worker.flow;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.worker.assignment.AssignedPartitions;
import dev.fresco.worker.assignment.Position;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.job.JobsInHand;
import dev.fresco.worker.prepare.Intake;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** A job was bound to this worker. */
public final class JobAssignedFlow {
  private final EventCodec codec;
  private final AssignedPartitions partitions;
  private final JobsInHand jobs;
  private final Intake intake;

  public JobAssignedFlow(
      EventCodec codec, AssignedPartitions partitions, JobsInHand jobs, Intake intake) {
    this.codec = codec;
    this.partitions = partitions;
    this.jobs = jobs;
    this.intake = intake;
  }

  @KafkaListener(
      id = "job-assigned",
      idIsGroup = false,
      topics = Topics.JOBS_ASSIGNED,
      containerFactory = "assignedListeners")
  public void on(ConsumerRecord<String, String> record) {
    JobAssigned assigned = codec.read(record.value(), JobAssigned.class);
    Position position = new Position(record.partition(), record.offset());
    if (!partitions.begin(position)) {
      return;
    }
    JobRun run = new JobRun(assigned, position);
    if (jobs.add(run)) {
      intake.take(run);
    } else {
      partitions.endDuplicate(position);
    }
  }
}
