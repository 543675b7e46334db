package dev.fresco.planning.queue;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What each tenant has had, in virtual time.
 *
 * <p>Start-time fair queueing (Goyal, Vin, Cheng, 1996, equations 4 and 5) with one flow per
 * tenant: a job's start tag is the larger of the virtual time at which its tenant came to wait and
 * the finish tag of the tenant's job before it; the finish tag adds work / weight; the smallest
 * start tag is served first, and the virtual time is the start tag in service. A tenant's tag is
 * kept as "the start tag of its next job", whichever job of its own the tenant then puts first.
 *
 * <p>Example: tenants A and B wait with jobs of work 10, all tags 0. A is served: A's next start is
 * 10. B is served: 10. A tenant C that comes now starts at the virtual time, not at 0, so the time
 * when it asked for nothing gives it no credit.
 *
 * @param virtualTime the largest start tag served so far
 * @param starts start tag of a tenant's next job; a tenant that is absent starts at {@code
 *     virtualTime}
 * @param weights share of a tenant relative to the others; a tenant that is absent has 1
 */
public record FairShares(
    double virtualTime, Map<String, Double> starts, Map<String, Double> weights) {

  public FairShares {
    starts = Map.copyOf(starts);
    weights = Map.copyOf(weights);
    weights.forEach(
        (tenant, weight) -> {
          if (!(weight > 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException(
                "the weight of tenant " + tenant + " is " + weight + "; it must be positive");
          }
        });
  }

  /** Nobody has had anything yet. */
  public static FairShares initial(Map<String, Double> weights) {
    return new FairShares(0, Map.of(), weights);
  }

  /** Start tag of the tenant's next job. */
  public double start(String tenant) {
    return starts.getOrDefault(tenant, virtualTime);
  }

  /** By how much a job moves its tenant's start tag. */
  public double cost(PendingJob job) {
    return job.work() / weights.getOrDefault(job.tenant(), 1.0);
  }

  /** The shares after a job was given to a worker. */
  public FairShares served(PendingJob job) {
    double start = start(job.tenant());
    Map<String, Double> next = new HashMap<>(starts);
    next.put(job.tenant(), start + cost(job));
    return new FairShares(Math.max(virtualTime, start), next, weights);
  }

  /**
   * Keeps what tenants are owed only while they wait for room, and what they owe until the virtual
   * time has caught up. A tenant whose model is down for a day must not come back with a day's
   * credit.
   *
   * @param waiting tenants with a job that waits for room
   */
  public FairShares keeping(Set<String> waiting) {
    Map<String, Double> kept = new HashMap<>();
    starts.forEach(
        (tenant, start) -> {
          if (start > virtualTime || waiting.contains(tenant)) {
            kept.put(tenant, start);
          }
        });
    waiting.forEach(tenant -> kept.putIfAbsent(tenant, virtualTime));
    return new FairShares(virtualTime, kept, weights);
  }
}
