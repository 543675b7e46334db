package dev.fresco.worker.flow;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.event.UnreadableEventException;
import dev.fresco.worker.assignment.AssignedPartitions;
import dev.fresco.worker.assignment.Position;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.job.JobsInHand;
import dev.fresco.worker.prepare.Intake;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** A job was bound to this worker. */
public final class JobAssignedFlow {
  private final EventCodec codec;
  private final AssignedPartitions partitions;
  private final JobsInHand jobs;
  private final Intake intake;
  private final String workerId;
  private final Clock clock;

  public JobAssignedFlow(
      EventCodec codec,
      AssignedPartitions partitions,
      JobsInHand jobs,
      Intake intake,
      String workerId,
      Clock clock) {
    this.codec = codec;
    this.partitions = partitions;
    this.jobs = jobs;
    this.intake = intake;
    this.workerId = workerId;
    this.clock = clock;
  }

  @KafkaListener(
      id = AssignedPartitions.LISTENER,
      idIsGroup = false,
      topics = Topics.JOBS_ASSIGNED,
      containerFactory = "assignedListeners")
  public void on(ConsumerRecord<String, String> record) {
    Position position = new Position(record.partition(), record.offset());
    if (!partitions.begin(position)) {
      return;
    }
    JobRun run = new JobRun(read(record, position), position, workerId);
    if (jobs.add(run)) {
      intake.take(run);
    } else if (jobs.find(run.jobId()).filter(run::isRecordOf).isEmpty()) {
      partitions.endDuplicate(position);
    }
  }

  /** A job that cannot be read ends here, or it would never end. */
  private JobAssigned read(ConsumerRecord<String, String> record, Position position) {
    try {
      return codec.read(record.value(), JobAssigned.class);
    } catch (UnreadableEventException unreadable) {
      String message = "the assignment could not be read: " + unreadable.getMessage();
      partitions.end(
          position,
          new JobEvent.Failed(record.key(), clock.instant(), ErrorCode.INTERNAL_ERROR, message));
      throw unreadable;
    }
  }
}
