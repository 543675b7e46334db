package dev.fresco.router.api;

import java.time.Instant;
import java.util.List;

/**
 * The queue at one moment.
 *
 * @param active whether this router decides; one that stands by knows no jobs
 * @param pendingTotal jobs in the queue; {@code pending} may show fewer
 * @param pending in the order in which they would go
 */
public record QueueView(
    boolean active, int pendingTotal, List<Pending> pending, List<Worker> workers) {

  /**
   * @param waitsFor why it does not go now, or null if it is about to
   */
  public record Pending(
      String jobId,
      String tenant,
      String model,
      String priority,
      int pictures,
      int steps,
      Instant createdAt,
      Instant deadline,
      String waitsFor) {}

  /**
   * @param live whether its status is recent enough to count
   * @param load pictures in its batch, before it, and on their way
   * @param room pictures that it can take; negative if it holds more than fits
   * @param inFlight jobs given to it that its status does not name yet
   */
  public record Worker(
      String workerId,
      boolean live,
      boolean draining,
      List<String> models,
      int slots,
      int lookAhead,
      int load,
      int room,
      List<String> inFlight,
      List<Integer> partitions,
      double stepMillis,
      Instant seenAt) {}
}
