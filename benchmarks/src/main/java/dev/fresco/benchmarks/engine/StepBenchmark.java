package dev.fresco.benchmarks.engine;

import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelBatch;
import dev.fresco.engine.kernel.ComputeType;
import java.util.List;

/**
 * Times the denoising steps of guided pictures of one size.
 *
 * @param format of the model's products
 * @param decoders threads that decode meanwhile; with any, time inside kernels is theirs too
 */
record StepBenchmark(LocalModel model, ComputeType format, Workload workload, int decoders) {
  /** After about so many steps Java has compiled what surrounds the kernels. */
  private static final int JAVA_STEPS = 200;

  private static final long JAVA_NANOSECONDS = 3_000_000_000L;

  /** Steps a small picture until Java is warm, or some seconds have passed. */
  void warmJava() {
    int smallest = model.card().sizeMultiple();
    PictureSettings settings =
        new PictureSettings(
            smallest, smallest, JAVA_STEPS, Workload.GUIDANCE, workload.sampler(), 0);
    long start = System.nanoTime();
    try (ModelBatch<Integer> members = model.newBatch()) {
      members.join(0, PictureRequest.of(settings, model.encode(Prompt.of("", ""))));
      for (int i = 0; i < JAVA_STEPS && System.nanoTime() - start < JAVA_NANOSECONDS; i++) {
        members.step(List.of(0));
      }
    }
  }

  Turn measure(int batch) {
    try (FrescoContestant fresco = new FrescoContestant(model, format, workload)) {
      fresco.begin(batch);
      fresco.process().forgetPeak();
      try (Decoders running = new Decoders(model, fresco.latents(0), decoders)) {
        if (workload.warmUp() > 0) {
          fresco.turn(workload.warmUp());
        }
        return fresco.turn(workload.steps());
      }
    }
  }
}
