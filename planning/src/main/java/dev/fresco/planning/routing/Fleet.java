package dev.fresco.planning.routing;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * All workers at one moment.
 *
 * @param workers by id, live or not
 * @param announcedModels every model that a worker, live or not, has announced lately enough to
 *     wait for
 */
public record Fleet(Map<String, WorkerView> workers, Set<String> announcedModels) {
  public Fleet {
    workers = Collections.unmodifiableMap(new HashMap<>(workers));
    announcedModels = Set.copyOf(announcedModels);
  }

  public Collection<WorkerView> views() {
    return workers.values();
  }

  public WorkerView worker(String workerId) {
    WorkerView worker = workers.get(workerId);
    if (worker == null) {
      throw new IllegalArgumentException("there is no worker " + workerId);
    }
    return worker;
  }

  /** The fleet with one worker changed. */
  public Fleet with(WorkerView worker) {
    Map<String, WorkerView> changed = new HashMap<>(workers);
    changed.put(worker.workerId(), worker);
    return new Fleet(changed, announcedModels);
  }
}
