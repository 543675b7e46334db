package dev.fresco.router.kafka;

import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobState;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What Kafka holds about jobs from some moment on.
 *
 * @param assigned by job id, the first assignment of each
 * @param states by job id, the furthest state that an event reported
 * @param cancelled ids of jobs that somebody asked to cancel
 */
public record Past(
    Map<String, JobAssigned> assigned, Map<String, JobState> states, Set<String> cancelled) {
  public Past {
    assigned = Map.copyOf(assigned);
    states = Map.copyOf(states);
    cancelled = Set.copyOf(cancelled);
  }

  /** Jobs that the router need not handle again. */
  public Set<String> settled() {
    Set<String> settled =
        states.entrySet().stream()
            .filter(entry -> entry.getValue() != JobState.QUEUED)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    settled.addAll(assigned.keySet());
    return settled;
  }

  /** Jobs that some worker has or will get. */
  public Collection<JobAssigned> unfinished() {
    return assigned.values().stream().filter(job -> !reached(job).isTerminal()).toList();
  }

  /** Assignments whose event is missing: the router was stopped between the two sends. */
  public List<JobAssigned> unreported() {
    return assigned.values().stream().filter(job -> reached(job) == JobState.QUEUED).toList();
  }

  private JobState reached(JobAssigned job) {
    return states.getOrDefault(job.jobId(), JobState.QUEUED);
  }
}
