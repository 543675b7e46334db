package dev.fresco.benchmarks.engine;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.batch.StableDiffusionModel;
import dev.fresco.engine.batch.ModelBatch;
import dev.fresco.engine.kernel.KernelClock;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Times the denoising steps of guided pictures of one size.
 *
 * @param size width and height in pixels
 * @param warmUp steps that are not measured
 * @param steps that are
 * @param decoders threads that decode meanwhile; with any, time inside kernels is theirs too
 */
record StepBenchmark(StableDiffusionModel model, int size, int warmUp, int steps, int decoders) {
  private static final double GUIDANCE = 5;

  /** After about so many steps Java has compiled what surrounds the kernels. */
  private static final int JAVA_STEPS = 200;

  private static final long JAVA_NANOSECONDS = 3_000_000_000L;

  /** Steps a small picture until Java is warm, or some seconds have passed. */
  void warmJava() {
    int smallest = model.card().sizeMultiple();
    PictureSettings settings =
        new PictureSettings(
            smallest, smallest, JAVA_STEPS, GUIDANCE, model.card().defaultSampler(), 0);
    long start = System.nanoTime();
    try (ModelBatch<Integer> members = model.newBatch()) {
      members.join(0, PictureRequest.of(settings, model.encode(Prompt.of("", ""))));
      for (int i = 0; i < JAVA_STEPS && System.nanoTime() - start < JAVA_NANOSECONDS; i++) {
        members.step(List.of(0));
      }
    }
  }

  StepTimes measure(int batch) {
    Conditioning conditioning = model.encode(Prompt.of("a red apple", ""));
    List<Integer> pictures = IntStream.range(0, batch).boxed().toList();
    try (ModelBatch<Integer> members = model.newBatch()) {
      for (int picture : pictures) {
        members.join(picture, PictureRequest.of(settings(picture), conditioning));
      }
      try (Decoders running = new Decoders(model, members.latents(0), decoders)) {
        for (int i = 0; i < warmUp; i++) {
          members.step(pictures);
        }
        return timed(members, pictures);
      }
    }
  }

  private PictureSettings settings(int seed) {
    return new PictureSettings(
        size, size, warmUp + steps, GUIDANCE, model.card().defaultSampler(), seed);
  }

  private StepTimes timed(ModelBatch<Integer> members, List<Integer> pictures) {
    KernelClock clock = model.clock();
    long calls = clock.calls();
    long inside = clock.nanoseconds();
    long[] times = new long[steps];
    for (int i = 0; i < steps; i++) {
      long start = System.nanoTime();
      members.step(pictures);
      times[i] = System.nanoTime() - start;
    }
    return new StepTimes(
        pictures.size(), times, clock.nanoseconds() - inside, clock.calls() - calls);
  }
}
