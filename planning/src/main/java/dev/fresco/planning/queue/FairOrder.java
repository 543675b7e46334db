package dev.fresco.planning.queue;

import dev.fresco.contracts.job.Priority;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The order in which pending jobs go.
 *
 * <p>Goal: tenants get work in proportion to their weights whatever they post; inside a tenant the
 * tenant's own wishes hold.
 *
 * <p>Constraints: one tenant cannot hold up another by posting more, larger or more urgent jobs;
 * equal jobs of a tenant go first in, first out; the order depends on nothing but its arguments.
 *
 * <p>Algorithm: each tenant's jobs are sorted by priority, deadline, age and id. Again and again
 * the tenant with the smallest start tag ({@link FairShares}) gives its first job and moves its tag
 * by that job's cost; between equal tags the better first job wins.
 *
 * <p>Example: A has jobs a1, a2, a3 and B has b1, all of equal work, no tags yet, a1 the oldest:
 * a1, b1, a2, a3.
 */
public final class FairOrder {
  /** Order of the jobs of one tenant: priority, deadline, age, id. */
  public static final Comparator<PendingJob> WITHIN_TENANT =
      Comparator.comparing(PendingJob::priority, Comparator.<Priority>reverseOrder())
          .thenComparing(
              PendingJob::deadline, Comparator.nullsLast(Comparator.<Instant>naturalOrder()))
          .thenComparing(PendingJob::createdAt)
          .thenComparing(PendingJob::jobId);

  private FairOrder() {}

  /** Every job once, the first to go first. */
  public static List<PendingJob> of(Collection<PendingJob> jobs, FairShares shares) {
    PriorityQueue<Flow> flows =
        new PriorityQueue<>(
            Comparator.<Flow>comparingDouble(flow -> flow.start)
                .thenComparing(flow -> flow.jobs.getFirst(), WITHIN_TENANT));
    flows.addAll(flows(jobs, shares));
    List<PendingJob> order = new ArrayList<>(jobs.size());
    while (!flows.isEmpty()) {
      Flow flow = flows.poll();
      PendingJob first = flow.jobs.removeFirst();
      order.add(first);
      flow.start += shares.cost(first);
      if (!flow.jobs.isEmpty()) {
        flows.add(flow);
      }
    }
    return order;
  }

  private static Collection<Flow> flows(Collection<PendingJob> jobs, FairShares shares) {
    Map<String, Flow> byTenant = new HashMap<>();
    jobs.stream()
        .sorted(WITHIN_TENANT)
        .forEach(
            job ->
                byTenant
                    .computeIfAbsent(job.tenant(), tenant -> new Flow(shares.start(tenant)))
                    .jobs
                    .addLast(job));
    return byTenant.values();
  }

  /** The jobs of one tenant and the start tag of the first of them. */
  private static final class Flow {
    private final Deque<PendingJob> jobs = new ArrayDeque<>();
    private double start;

    Flow(double start) {
      this.start = start;
    }
  }
}
