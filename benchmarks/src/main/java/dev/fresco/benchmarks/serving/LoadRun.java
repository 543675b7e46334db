package dev.fresco.benchmarks.serving;

import dev.fresco.benchmarks.table.Latencies;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Edits that come when they come, whether or not the server has done those before: an open loop.
 *
 * @param served in the order in which they came
 */
record LoadRun(List<Served> served) {
  /** Seconds from the start of the run. */
  record Served(Edit edit, double endSeconds) {
    double latencySeconds() {
      return endSeconds - edit.atSeconds();
    }
  }

  /**
   * Asks for all, and waits for all.
   *
   * @throws ServingException if one of them got no picture
   */
  static LoadRun of(EditServer server, List<Edit> edits) throws InterruptedException {
    ExecutorService users = Executors.newFixedThreadPool(edits.size());
    try {
      long start = System.nanoTime();
      List<Future<Served>> coming = new ArrayList<>();
      for (Edit edit : edits) {
        coming.add(users.submit(() -> served(server, edit, start)));
      }
      List<Served> served = new ArrayList<>();
      for (Future<Served> each : coming) {
        served.add(each.get());
      }
      return new LoadRun(served);
    } catch (ExecutionException e) {
      throw new ServingException("an edit got no picture: " + e.getCause().getMessage(), e);
    } finally {
      users.shutdownNow();
    }
  }

  private static Served served(EditServer server, Edit edit, long start)
      throws IOException, InterruptedException {
    long wait = (long) (1e9 * edit.atSeconds()) - (System.nanoTime() - start);
    TimeUnit.NANOSECONDS.sleep(wait);
    server.edit(edit);
    return new Served(edit, 1e-9 * (System.nanoTime() - start));
  }

  /** Of all but those that came first. */
  Latencies latencies(int warmUp) {
    return Latencies.of(served.stream().skip(warmUp).mapToDouble(Served::latencySeconds));
  }

  /** Edits over the time from the first one's coming to the last one's end. */
  double perSecond() {
    double last = served.stream().mapToDouble(Served::endSeconds).max().orElseThrow();
    return served.size() / (last - served.get(0).edit().atSeconds());
  }
}
