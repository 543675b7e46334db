package dev.fresco.planning.queue;

import dev.fresco.contracts.job.Priority;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Pending jobs for tests: one picture, 10 steps, work 10, created at second 0, model m. */
public record Jobs(PendingJob job) {
  public static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  public static Jobs job(String tenant, String jobId) {
    return new Jobs(
        new PendingJob(
            jobId, tenant, "m", 1, 10, 10, Priority.NORMAL, null, START, START, JobNeeds.NOTHING));
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
            job.queuedAt(),
            job.needs()));
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
            job.queuedAt(),
            job.needs()));
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
            job.queuedAt(),
            job.needs()));
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
            job.queuedAt(),
            job.needs()));
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
            job.queuedAt(),
            job.needs()));
  }

  public Jobs needs(JobNeeds needs) {
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
            job.createdAt(),
            job.queuedAt(),
            needs));
  }

  /** An edit of a template, its digest the same character 64 times. */
  public Jobs edit(double ratio, String template, String... adapters) {
    RecordingNeed recording =
        new RecordingNeed(template.repeat(64), 64, 64, "ddim", 10, true, List.of(adapters));
    return needs(new JobNeeds(ratio, recording, Set.of(adapters)));
  }
}
