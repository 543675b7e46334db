package dev.fresco.benchmarks.masked;

import dev.fresco.engine.recording.PartialRecording;
import dev.fresco.engine.recording.ReadAhead;
import dev.fresco.engine.recording.ReadAhead.Pace;
import dev.fresco.engine.recording.RecordedTensor;
import dev.fresco.engine.recording.Recording;
import dev.fresco.planning.cacheload.ExactLoading;
import dev.fresco.planning.cacheload.GreedyLoading;
import dev.fresco.planning.cacheload.Layer;
import dev.fresco.planning.cacheload.LoadPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How long an edit takes whose recording comes from storage of a given bandwidth: loaded before
 * each step begins, or ahead of the layers that need it while others compute, for all steps or for
 * those that a plan finds worth it.
 *
 * @param recording that nothing has to be waited for
 * @param steps of the edit
 * @param edit runs it with a recording, or in full with null, and gives the milliseconds of each
 *     step
 */
record LoadingBenchmark(
    OneStepRecording recording,
    int steps,
    Function<Recording, double[]> edit,
    Consumer<String> progress) {
  private static final int SLOWER = 3;

  /** How an edit went. */
  record Timed(String way, double millis, int loadedSteps) {}

  /** What was measured with a storage. */
  record Storage(double bytesPerSecond, List<Timed> ways) {}

  List<Storage> run(double bytesPerSecond) {
    edit.apply(null); // warms up
    double[] full = edit.apply(null);
    double[] ideal = edit.apply(recording);
    progress.accept("in full and without loading");
    double bandwidth =
        bytesPerSecond > 0 ? bytesPerSecond : 1000 * recording.bytes() / median(ideal);
    List<Storage> storages = new ArrayList<>();
    storages.add(run(full, ideal, bandwidth));
    if (bytesPerSecond == 0) {
      storages.add(run(full, ideal, bandwidth / SLOWER));
    }
    return storages;
  }

  private Storage run(double[] full, double[] ideal, double bandwidth) {
    double load = 1000 * recording.bytes() / bandwidth;
    List<Layer> layers =
        IntStream.range(0, steps)
            .mapToObj(step -> new Layer("step " + step, median(ideal), median(full), load))
            .toList();
    List<Timed> ways = new ArrayList<>();
    ways.add(new Timed("in full", sum(full), 0));
    ways.add(new Timed("whole steps, then computing", sequential(bandwidth), steps));
    ways.add(ahead("ahead, all steps", bandwidth, step -> true));
    ways.add(planned("ahead, greedy plan", bandwidth, GreedyLoading.plan(layers)));
    ways.add(planned("ahead, exact plan", bandwidth, ExactLoading.plan(layers)));
    ways.add(new Timed("without loading", sum(ideal), steps));
    progress.accept("storage of %.0f MiB/s".formatted(bandwidth / (1 << 20)));
    return new Storage(bandwidth, ways);
  }

  private double sequential(double bandwidth) {
    return sum(edit.apply(new WholeSteps(recording, bandwidth)));
  }

  private Timed planned(String way, double bandwidth, LoadPlan plan) {
    return ahead(way, bandwidth, step -> plan.loads().get(step));
  }

  private Timed ahead(String way, double bandwidth, IntPredicate loaded) {
    PartialRecording part = new PartialRecording(recording, loaded);
    Pace pace = new Pace(bandwidth, System::nanoTime);
    try (ReadAhead reader = new ReadAhead(part, loaded, 2 * recording.bytes(), pace)) {
      double millis = sum(edit.apply(reader));
      return new Timed(way, millis, (int) IntStream.range(0, steps).filter(loaded).count());
    }
  }

  private static double sum(double[] millis) {
    return Arrays.stream(millis).sum();
  }

  private static double median(double[] millis) {
    return Arrays.stream(millis).sorted().toArray()[millis.length / 2];
  }

  /** Lets whoever asks for the first tensor of a step wait for all of them. */
  private static final class WholeSteps implements Recording {
    private final OneStepRecording recording;
    private final double bytesPerSecond;
    private int loaded = -1;

    WholeSteps(OneStepRecording recording, double bytesPerSecond) {
      this.recording = recording;
      this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    public int steps() {
      return recording.steps();
    }

    @Override
    public List<String> names() {
      return recording.names();
    }

    @Override
    public RecordedTensor tensor(int step, String name) {
      if (step != loaded) {
        sleep((long) (recording.bytes() / bytesPerSecond * 1e9));
        loaded = step;
      }
      return recording.tensor(step, name);
    }

    private static void sleep(long nanoseconds) {
      try {
        Thread.sleep(nanoseconds / 1_000_000, (int) (nanoseconds % 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
