package dev.fresco.worker.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Jobs whose cancellation was asked for; the oldest are forgotten past a bound. */
public final class CancelledJobs {
  private static final int BOUND = 100_000;

  private final Set<String> jobIds =
      Collections.synchronizedSet(
          Collections.newSetFromMap(
              new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > BOUND;
                }
              }));

  public void add(String jobId) {
    jobIds.add(jobId);
  }

  public boolean contains(String jobId) {
    return jobIds.contains(jobId);
  }
}
