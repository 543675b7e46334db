package dev.fresco.worker.flow;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.worker.assignment.AssignedPartitions;
import dev.fresco.worker.assignment.Conclusions;
import dev.fresco.worker.assignment.Position;
import dev.fresco.worker.job.CancelledJobs;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.job.JobsInHand;
import dev.fresco.worker.prepare.Preparation;
import java.time.Clock;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.annotation.KafkaListener;

/** A job was bound to this worker. */
public final class JobAssignedFlow {
  private final EventCodec codec;
  private final AssignedPartitions partitions;
  private final JobsInHand jobs;
  private final JobStart start;
  private final Clock clock;

  public JobAssignedFlow(
      EventCodec codec,
      AssignedPartitions partitions,
      JobsInHand jobs,
      JobStart start,
      Clock clock) {
    this.codec = codec;
    this.partitions = partitions;
    this.jobs = jobs;
    this.start = start;
    this.clock = clock;
  }

  /** What a job that was taken meets. */
  public record JobStart(
      DiffusionModel model,
      CancelledJobs cancelled,
      Preparation preparation,
      Conclusions conclusions) {

    void begin(JobRun run, Instant now) {
      String jobId = run.jobId();
      String served = model.card().id();
      if (cancelled.contains(jobId)) {
        end(run, new JobEvent.Cancelled(jobId, now, 0));
      } else if (!run.request().model().equals(served)) {
        String message = "model is " + run.request().model() + "; this worker serves " + served;
        end(run, new JobEvent.Failed(jobId, now, ErrorCode.MODEL_NOT_SERVED, message));
      } else {
        preparation.prepare(run);
      }
    }

    private void end(JobRun run, JobEvent terminal) {
      if (run.claimEnd()) {
        conclusions.conclude(run, terminal);
      }
    }
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
      start.begin(run, clock.instant());
    } else {
      partitions.endDuplicate(position);
    }
  }
}
