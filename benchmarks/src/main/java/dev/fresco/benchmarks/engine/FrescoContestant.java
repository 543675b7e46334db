package dev.fresco.benchmarks.engine;

import com.sun.management.ThreadMXBean;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelBatch;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelClock;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A model of Fresco's. It does not own the model. */
final class FrescoContestant implements Contestant {
  private static final ThreadMXBean THREADS =
      (ThreadMXBean) ManagementFactory.getThreadMXBean(); // HotSpot's, which counts bytes

  private final LocalModel model;
  private final ComputeType format;
  private final Workload workload;
  private ModelBatch<Integer> batch;
  private List<Integer> pictures = List.of();

  FrescoContestant(LocalModel model, ComputeType format, Workload workload) {
    this.model = model;
    this.format = format;
    this.workload = workload;
  }

  @Override
  public String name() {
    return "Fresco " + Words.of(format);
  }

  @Override
  public ComputeType format() {
    return format;
  }

  @Override
  public void begin(int count) {
    close();
    Conditioning conditioning = model.encode(Prompt.of(Workload.PROMPT, ""));
    batch = model.newBatch();
    pictures = IntStream.range(0, count).boxed().toList();
    pictures.forEach(
        picture ->
            batch.join(picture, PictureRequest.of(workload.settings(picture), conditioning)));
  }

  @Override
  public Turn turn(int steps) {
    KernelClock clock = model.clock();
    Optional<Long> faults = process().pageFaults();
    long calls = clock.calls();
    long inside = clock.nanoseconds();
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long[] times = new long[steps];
    for (int i = 0; i < steps; i++) {
      long start = System.nanoTime();
      batch.step(pictures);
      times[i] = System.nanoTime() - start;
    }
    EngineShare share =
        new EngineShare(
            clock.nanoseconds() - inside,
            clock.calls() - calls,
            THREADS.getCurrentThreadAllocatedBytes() - bytes);
    Optional<Long> fresh =
        faults.flatMap(before -> process().pageFaults().map(after -> after - before));
    return new Turn(times, fresh, Optional.of(share));
  }

  @Override
  public HostTensor latents(int picture) {
    return batch.latents(picture);
  }

  @Override
  public ProcessFigures process() {
    return ProcessFigures.own();
  }

  @Override
  public void close() {
    if (batch != null) {
      batch.close();
      batch = null;
    }
  }
}
