package dev.fresco.router.state;

import dev.fresco.contracts.job.JobRequested;
import dev.fresco.planning.queue.PendingJob;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Jobs that wait, and a memory of those that lately left, so that a request that is read twice is
 * not handled twice. Not safe for threads.
 */
public final class JobQueue {
  private static final Duration MEMORY = Duration.ofMinutes(15);

  private final Map<String, QueuedJob> jobs = new LinkedHashMap<>();
  private final Map<String, Instant> left = new LinkedHashMap<>();
  private final LowWaterMark lowWaterMark = new LowWaterMark();
  private Set<String> announcedEarlier = Set.of();

  /** Forgets everything; requests follow from this offset. */
  void start(long offset) {
    jobs.clear();
    left.clear();
    announcedEarlier = Set.of();
    lowWaterMark.start(offset);
  }

  /** Takes a request in, unless its job is here or has left. */
  public void arrive(JobRequested requested, long offset, Instant now, Runnable commit) {
    QueuedJob known = jobs.get(requested.jobId());
    if (known != null && known.offset() == offset) {
      return;
    }
    lowWaterMark.arrived(offset, commit);
    if (known != null || left.containsKey(requested.jobId())) {
      lowWaterMark.done(offset);
      return;
    }
    boolean announced = announcedEarlier.contains(requested.jobId());
    PendingJob job = PendingJob.of(requested, now);
    jobs.put(job.jobId(), new QueuedJob(job, requested, offset, announced));
  }

  /** A request that could not be read is done with. */
  public void skip(long offset, Runnable commit) {
    lowWaterMark.arrived(offset, commit);
    lowWaterMark.done(offset);
  }

  /** The job is assigned or has ended, here or elsewhere. */
  public void leave(String jobId, Instant now) {
    left.remove(jobId);
    left.put(jobId, now);
    QueuedJob queued = jobs.remove(jobId);
    if (queued != null) {
      lowWaterMark.done(queued.offset());
    }
  }

  /** {@code Queued} is out for these jobs, whether their requests have been read yet or not. */
  public void announcedEarlier(Set<String> jobIds) {
    announcedEarlier = Set.copyOf(jobIds);
    jobIds.forEach(this::announced);
  }

  public void announced(String jobId) {
    jobs.computeIfPresent(jobId, (id, queued) -> queued.markAnnounced());
  }

  /** Drops what has been remembered long enough. */
  void prune(Instant now) {
    var oldest = left.values().iterator();
    while (oldest.hasNext() && oldest.next().plus(MEMORY).isBefore(now)) {
      oldest.remove();
    }
  }

  public QueuedJob job(String jobId) {
    return jobs.get(jobId);
  }

  public Collection<QueuedJob> jobs() {
    return jobs.values();
  }

  public List<PendingJob> pending() {
    return jobs.values().stream().map(QueuedJob::job).toList();
  }

  public int size() {
    return jobs.size();
  }

  /** Offset of the oldest request that is not done. */
  public long lowWaterOffset() {
    return lowWaterMark.offset();
  }
}
