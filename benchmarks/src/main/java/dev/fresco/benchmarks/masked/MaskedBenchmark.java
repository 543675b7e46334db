package dev.fresco.benchmarks.masked;

import com.sun.management.OperatingSystemMXBean;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.KeptPart;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelBatch;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.recording.Recording;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Times the steps of edits in full and of edits that compute only what their mask reaches, in
 * turns, so that what else the machine does hits them alike.
 *
 * @param size width and height in pixels
 * @param margin places around each mask that are computed as well
 * @param warmUp steps that are not measured
 * @param steps that are
 * @param progress is told how far it is
 */
record MaskedBenchmark(
    LocalModel model, int size, int margin, int warmUp, int steps, Consumer<String> progress) {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean(); // HotSpot's

  private static final String PROMPT = "a red apple";
  private static final String MEMBER = "edit";
  private static final long NOISE_SEED = 1;
  private static final long TEMPLATE_SEED = 2;

  /**
   * The steps of one edit.
   *
   * @param mask share of the latents' places
   * @param masked whether only those were computed
   * @param nanoseconds of each step
   * @param processor nanoseconds that all threads of the process were at work in it, which other
   *     processes hardly change
   */
  record Timed(double mask, boolean masked, long[] nanoseconds, long[] processor) {}

  /**
   * What came of all.
   *
   * @param recorded bytes that a step reads of a recording at most
   */
  record Result(List<Timed> edits, long recorded) {
    /** The edit in full that the others are compared with. */
    Timed dense() {
      return edits.get(0);
    }
  }

  private record Running(ModelBatch<String> batch, Timed timed) {
    void step(int index) {
      long start = System.nanoTime();
      long work = SYSTEM.getProcessCpuTime();
      batch.step(List.of(MEMBER));
      if (index >= 0) {
        timed.nanoseconds()[index] = System.nanoTime() - start;
        timed.processor()[index] = SYSTEM.getProcessCpuTime() - work;
      }
    }
  }

  /** The edit in full first, then one for each mask. */
  Result run(List<Double> ratios) {
    StartLatents template = template();
    OneStepRecording recording = record(template);
    progress.accept("recorded %d KiB a step".formatted(recording.bytes() >> 10));
    List<Running> running = new ArrayList<>();
    try {
      running.add(begin(template, mask(template, ratios.get(0)), null));
      for (double ratio : ratios) {
        running.add(begin(template, mask(template, ratio), recording));
      }
      for (int step = -warmUp; step < steps; step++) {
        int index = step;
        running.forEach(edit -> edit.step(index));
        progress.accept("%d of %d steps".formatted(warmUp + step + 1, warmUp + steps));
      }
    } finally {
      running.forEach(edit -> edit.batch().close());
    }
    return new Result(running.stream().map(Running::timed).toList(), recording.bytes());
  }

  /**
   * A whole edit, with its recording loaded in every way, one after the other: a recording that is
   * read ahead is read while others compute.
   *
   * @param bytesPerSecond of the storage; 0 for as much as makes loading a step take as long as
   *     computing it, and then a third of that
   */
  List<LoadingBenchmark.Storage> load(double ratio, double bytesPerSecond) {
    StartLatents template = template();
    OneStepRecording recording = record(template);
    HostTensor mask = mask(template, ratio);
    return new LoadingBenchmark(recording, steps, from -> run(template, mask, from), progress)
        .run(bytesPerSecond);
  }

  /** All steps of an edit, in milliseconds each. */
  private double[] run(StartLatents template, HostTensor mask, Recording recording) {
    Running running = begin(template, mask, recording);
    try (running.batch) {
      for (int step = 0; step < steps; step++) {
        running.step(step);
      }
    }
    return Arrays.stream(running.timed.nanoseconds()).mapToDouble(each -> each * 1e-6).toArray();
  }

  private static HostTensor mask(StartLatents template, double ratio) {
    long[] shape = template.mean().shape();
    return SquareMask.of(ratio, (int) shape[1], (int) shape[2]);
  }

  /** Noise in the shape of the latents. */
  private StartLatents template() {
    try (ModelBatch<String> batch = model.newBatch()) {
      batch.join(MEMBER, PictureRequest.of(settings(), conditioning()));
      long[] shape = batch.latents(MEMBER).shape();
      return new StartLatents(TorchNoise.standardNormal(TEMPLATE_SEED, shape), null, 1);
    }
  }

  private OneStepRecording record(StartLatents template) {
    OneStepRecording recording = new OneStepRecording(warmUp + steps);
    StartLatents kept = template.keeping(new KeptPart(mask(template, 0), NOISE_SEED, null));
    try (ModelBatch<String> batch = model.newBatch()) {
      batch.join(
          MEMBER,
          new PictureRequest(settings(), conditioning(), kept, recording, List.of(), List.of()));
      batch.step(List.of(MEMBER));
    }
    return recording;
  }

  private Running begin(StartLatents template, HostTensor mask, Recording recording) {
    StartLatents kept = template.keeping(new KeptPart(mask, NOISE_SEED, recording, margin));
    ModelBatch<String> batch = model.newBatch();
    batch.join(MEMBER, new PictureRequest(settings(), conditioning(), kept, List.of(), List.of()));
    return new Running(
        batch,
        new Timed(SquareMask.ratio(mask), recording != null, new long[steps], new long[steps]));
  }

  private Conditioning conditioning() {
    return model.encode(Prompt.of(PROMPT, ""));
  }

  private PictureSettings settings() {
    return new PictureSettings(
        size,
        size,
        warmUp + steps,
        model.card().defaultGuidanceScale(),
        model.card().defaultSampler(),
        NOISE_SEED);
  }
}
