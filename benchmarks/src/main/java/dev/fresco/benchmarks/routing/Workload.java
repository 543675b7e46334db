package dev.fresco.benchmarks.routing;

import dev.fresco.contracts.job.Priority;
import dev.fresco.planning.queue.JobNeeds;
import dev.fresco.planning.queue.PendingJob;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Requests that come to all workers together, the same for every policy.
 *
 * @param workers that share them
 * @param perSecond requests for each worker
 * @param requests in all
 * @param steps of each
 */
record Workload(MaskRatios ratios, int workers, double perSecond, int requests, int steps) {
  static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  static final String MODEL = "model";

  /** Edits of templates that every worker has recorded: what differs is their masks. */
  record Request(double atMillis, PendingJob job) {
    double ratio() {
      return job.needs().ratio();
    }
  }

  /** In the order in which they come: a Poisson process, so gaps are exponential. */
  List<Request> draw(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double meanGapMillis = 1000 / (perSecond * workers);
    List<Request> all = new ArrayList<>(requests);
    double at = 0;
    for (int i = 0; i < requests; i++) {
      at -= meanGapMillis * Math.log(1 - random.nextDouble());
      all.add(new Request(at, job("job-" + i, at, ratios.draw(random))));
    }
    return all;
  }

  private PendingJob job(String id, double atMillis, double ratio) {
    Instant at = time(atMillis);
    return new PendingJob(
        id,
        "tenant",
        MODEL,
        1,
        steps,
        steps,
        Priority.NORMAL,
        null,
        at,
        at,
        new JobNeeds(ratio, null, Set.of()));
  }

  static Instant time(double millis) {
    return START.plusNanos(Math.round(1e6 * millis));
  }
}
