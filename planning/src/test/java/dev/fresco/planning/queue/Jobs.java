package dev.fresco.planning.queue;

import dev.fresco.contracts.job.Priority;
import java.time.Instant;

/** Pending jobs for tests: one picture, 10 steps, work 10, created at second 0, model m. */
public record Jobs(PendingJob job) {
  public static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  public static Jobs job(String tenant, String jobId) {
    return new Jobs(
        new PendingJob(jobId, tenant, "m", 1, 10, 10, Priority.NORMAL, null, START, START));
  }

  public Jobs model(String model) {
    return new Jobs(
        new PendingJob(
            job.jobId(),
            job.tenant(),
            model,
            job.pictures(),
            job.steps(),
            job.work(),
            job.priority(),
            job.deadline(),
            job.createdAt(),
            job.queuedAt()));
  }

  public Jobs pictures(int pictures) {
    return new Jobs(
        new PendingJob(
            job.jobId(),
            job.tenant(),
            job.model(),
            pictures,
            job.steps(),
            10.0 * pictures,
            job.priority(),
            job.deadline(),
            job.createdAt(),
            job.queuedAt()));
  }

  public Jobs work(double work) {
    return new Jobs(
        new PendingJob(
            job.jobId(),
            job.tenant(),
            job.model(),
            job.pictures(),
            job.steps(),
            work,
            job.priority(),
            job.deadline(),
            job.createdAt(),
            job.queuedAt()));
  }

  public Jobs wish(Priority priority, Instant deadline) {
    return new Jobs(
        new PendingJob(
            job.jobId(),
            job.tenant(),
            job.model(),
            job.pictures(),
            job.steps(),
            job.work(),
            priority,
            deadline,
            job.createdAt(),
            job.queuedAt()));
  }

  public Jobs createdAt(int second) {
    return new Jobs(
        new PendingJob(
            job.jobId(),
            job.tenant(),
            job.model(),
            job.pictures(),
            job.steps(),
            job.work(),
            job.priority(),
            job.deadline(),
            START.plusSeconds(second),
            job.queuedAt()));
  }
}
