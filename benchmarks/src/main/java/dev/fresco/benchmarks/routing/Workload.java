package dev.fresco.benchmarks.routing;

import dev.fresco.benchmarks.mask.MaskRatios;
import dev.fresco.contracts.job.Priority;
import dev.fresco.planning.queue.JobNeeds;
import dev.fresco.planning.queue.PendingJob;
import dev.fresco.planning.queue.RecordingNeed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Edits that come to all workers together, the same for every policy.
 *
 * @param workers that share them
 * @param perSecond edits for each worker
 * @param requests in all
 * @param steps of each
 * @param templates that are edited, the n-th as often as the first divided by n (Zipf's law); with
 *     0 there is nothing to fetch: every worker has all recordings
 */
record Workload(
    MaskRatios ratios, int workers, double perSecond, int requests, int steps, int templates) {
  static final String MODEL = "model";
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  /**
   * An edit.
   *
   * @param recording id of the one that it uses, or null if there is nothing to fetch
   */
  record Request(double atMillis, PendingJob job, String recording) {
    double ratio() {
      return job.needs().ratio();
    }
  }

  /** In the order in which they come: a Poisson process, so gaps are exponential. */
  List<Request> draw(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double meanGapMillis = 1000 / (perSecond * workers);
    List<RecordingNeed> needs = IntStream.range(0, templates).mapToObj(Workload::template).toList();
    List<String> ids = needs.stream().map(need -> need.with(SimulatedWorker.CARD).id()).toList();
    double[] upTo = popularity();
    List<Request> all = new ArrayList<>(requests);
    double at = 0;
    for (int i = 0; i < requests; i++) {
      at -= meanGapMillis * Math.log(1 - random.nextDouble());
      double ratio = ratios.draw(random);
      int template = templates == 0 ? -1 : pick(upTo, random.nextDouble());
      RecordingNeed need = template < 0 ? null : needs.get(template);
      String recording = template < 0 ? null : ids.get(template);
      all.add(new Request(at, job(i, at, new JobNeeds(ratio, need, Set.of())), recording));
    }
    return all;
  }

  /** For each template the chance that an edit is of it or one before it. */
  private double[] popularity() {
    double[] upTo = new double[templates];
    double sum = 0;
    for (int i = 0; i < templates; i++) {
      sum += 1.0 / (i + 1);
      upTo[i] = sum;
    }
    for (int i = 0; i < templates; i++) {
      upTo[i] /= sum;
    }
    return upTo;
  }

  private static int pick(double[] upTo, double chance) {
    int found = Arrays.binarySearch(upTo, chance);
    return Math.min(upTo.length - 1, found < 0 ? -found - 1 : found);
  }

  private static RecordingNeed template(int number) {
    return new RecordingNeed(
        String.format("%064x", number), 1024, 1024, "ddim", 50, true, List.of());
  }

  private PendingJob job(int number, double atMillis, JobNeeds needs) {
    Instant at = time(atMillis);
    String id = "job-" + number;
    return new PendingJob(
        id, "tenant", MODEL, 1, steps, steps, Priority.NORMAL, null, at, at, needs);
  }

  static Instant time(double millis) {
    return START.plusNanos(Math.round(1e6 * millis));
  }
}
