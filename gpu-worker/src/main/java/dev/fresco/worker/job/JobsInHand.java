package dev.fresco.worker.job;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The jobs that this worker has taken and not ended. */
public final class JobsInHand {
  private final Map<String, JobRun> runs = new ConcurrentHashMap<>();

  /** False if the job is in hand already. */
  public boolean add(JobRun run) {
    return runs.putIfAbsent(run.jobId(), run) == null;
  }

  public void remove(JobRun run) {
    runs.remove(run.jobId(), run);
  }

  public Optional<JobRun> find(String jobId) {
    return Optional.ofNullable(runs.get(jobId));
  }

  public List<JobRun> onPartitions(Set<Integer> partitions) {
    return runs.values().stream()
        .filter(run -> partitions.contains(run.position().partition()))
        .toList();
  }

  public Collection<JobRun> all() {
    return List.copyOf(runs.values());
  }
}
