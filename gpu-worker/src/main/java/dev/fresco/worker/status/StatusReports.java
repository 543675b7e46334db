package dev.fresco.worker.status;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.planning.batching.BatchSchedule;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.worker.assignment.AssignedPartitions;
import dev.fresco.worker.config.WorkerSettings;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.job.JobsInHand;
import dev.fresco.worker.loop.DenoisingLoop;
import dev.fresco.worker.loop.LoopMeters;
import dev.fresco.worker.recording.Recordings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Sends the worker's status whenever it has changed, and once a second when it has not, so that the
 * router can tell a quiet worker from a dead one.
 */
public final class StatusReports {
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final WorkerSettings settings;
  private final ModelCard model;
  private final Work work;
  private final EventPublisher events;
  private final Clock clock;
  private volatile boolean draining;
  private WorkerStatus last;

  /** Where the status is read from. */
  public record Work(
      DenoisingLoop loop,
      LoopMeters meters,
      JobsInHand jobs,
      AssignedPartitions partitions,
      Recordings recordings) {}

  public StatusReports(
      WorkerSettings settings, ModelCard model, Work work, EventPublisher events, Clock clock) {
    this.settings = settings;
    this.model = model;
    this.work = work;
    this.events = events;
    this.clock = clock;
  }

  /** From now on the worker takes no new jobs. */
  public void drain() {
    draining = true;
    report();
  }

  @Scheduled(fixedDelayString = "${fresco.worker.status-interval:50ms}")
  public synchronized void report() {
    WorkerStatus now = status();
    if (last == null || !sameWork(last, now) || last.at().plus(QUIET).isBefore(now.at())) {
      last = now;
      events.publish(Topics.WORKERS_STATUS, now.workerId(), now);
    }
  }

  /** Steps alone are no news: the router knows how fast they go. */
  private static boolean sameWork(WorkerStatus a, WorkerStatus b) {
    return ids(a).equals(ids(b))
        && a.waiting().equals(b.waiting())
        && a.partitions().equals(b.partitions())
        && a.recordings().equals(b.recordings())
        && a.slots() == b.slots()
        && a.draining() == b.draining();
  }

  private static Set<String> ids(WorkerStatus status) {
    return status.members().stream()
        .map(member -> member.jobId() + "#" + member.image())
        .collect(Collectors.toSet());
  }

  private WorkerStatus status() {
    // Jobs before the schedule: one that arrives in between is then counted twice, not missed.
    Collection<JobRun> jobs = work.jobs().all();
    BatchSchedule schedule = work.loop().schedule();
    Map<String, Double> ratios =
        jobs.stream().collect(Collectors.toMap(JobRun::jobId, JobRun::ratio));
    List<WorkerStatus.Member> members =
        schedule.running().entrySet().stream()
            .map(
                entry ->
                    new WorkerStatus.Member(
                        entry.getKey().jobId(),
                        entry.getKey().image(),
                        entry.getValue().stepsDone(),
                        entry.getValue().stepsTotal(),
                        ratios.getOrDefault(entry.getKey().jobId(), 1.0)))
            .toList();
    Instant now = clock.instant();
    return new WorkerStatus(
        settings.id(),
        now,
        List.of(model),
        List.of("denoise"),
        work.loop().slots(),
        settings.lookAhead(),
        members,
        waiting(jobs, schedule),
        work.partitions().owned(),
        work.meters().stepMillis(),
        draining,
        work.recordings().atHand());
  }

  /** Pictures on their way into the batch or out of it; only stored ones make room. */
  private static List<WorkerStatus.Waiting> waiting(
      Collection<JobRun> jobs, BatchSchedule schedule) {
    List<WorkerStatus.Waiting> waiting = new ArrayList<>();
    for (JobRun run : jobs) {
      int running = schedule.runningOf(Set.of(run.jobId())).size();
      int pictures = run.request().count() - running - run.storedCount();
      if (!run.hasEnded() && pictures > 0) {
        waiting.add(
            new WorkerStatus.Waiting(run.jobId(), pictures, run.stepsPerPicture(), run.ratio()));
      }
    }
    return waiting;
  }
}
