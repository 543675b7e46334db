package dev.fresco.trainer.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.training.AdamW;
import dev.fresco.engine.training.DiffusionTarget;
import dev.fresco.engine.training.DiffusionTransformerShape;
import dev.fresco.engine.training.GradientClipping;
import dev.fresco.engine.training.LanguageModelShape;
import dev.fresco.engine.training.Microbatch;
import dev.fresco.engine.training.ModelShape;
import dev.fresco.engine.training.StageBlocks;
import dev.fresco.engine.training.StageNetwork;
import dev.fresco.engine.training.StageParameters;
import dev.fresco.planning.pipeline.ModelChunks;
import dev.fresco.trainer.data.LatentFile;
import dev.fresco.trainer.data.TrainingData;
import dev.fresco.trainer.spec.DataSpec;
import dev.fresco.trainer.spec.ModelSpec;
import dev.fresco.trainer.spec.OptimiserSpec;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.spec.TrainingSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A tiny model, a text to learn, and what a single process makes of them. */
public final class Scenario {
  public static final int STAGES = 3;
  public static final int MICROBATCHES = 6;
  private static final DiffusionTransformerShape PICTURES =
      new DiffusionTransformerShape(
          new DiffusionTransformerShape.Latents(2, 4, 4, 2), 3, 8, 2, 16, 4);
  private static final LanguageModelShape SHAPE = new LanguageModelShape(128, 8, 8, 2, 16, 6);

  private Scenario() {}

  public static TrainingSpec spec(Path folder, ModelChunks chunks, long iterations) {
    return spec(folder, new PipelineSpec(1, chunks, MICROBATCHES), 3e-3, iterations);
  }

  public static TrainingSpec spec(
      Path folder, PipelineSpec pipeline, double learningRate, long iterations) {
    return new TrainingSpec(
        new ModelSpec.LanguageModel(SHAPE),
        new DataSpec.Text(text(folder).toString(), 2, 7),
        pipeline,
        new OptimiserSpec(AdamW.withRate(learningRate), 1),
        7,
        iterations);
  }

  /** A diffusion transformer. */
  public static TrainingSpec pictures(Path folder, PipelineSpec pipeline, long iterations) {
    return new TrainingSpec(
        new ModelSpec.DiffusionTransformer(PICTURES),
        new DataSpec.Latents(
            LatentFile.write(folder.resolve("latents.safetensors"), 20, PICTURES).toString(),
            3,
            DiffusionTarget.VELOCITY),
        pipeline,
        new OptimiserSpec(AdamW.withRate(3e-3), 1),
        7,
        iterations);
  }

  /** Words of a small vocabulary. */
  private static Path text(Path folder) {
    String[] words = {"the ", "pipeline ", "waits ", "for ", "a ", "slow ", "link. "};
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    while (text.length() < 4_000) {
      text.append(words[random.nextInt(words.length)]);
    }
    try {
      return Files.writeString(folder.resolve("text.txt"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The losses of one process that has the whole model and goes through the same microbatches. */
  public static List<Double> wholeModel(TrainingSpec spec) {
    TrainingData data = TrainingData.of(spec);
    ModelShape shape = spec.model().shape();
    List<Double> losses = new ArrayList<>();
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        StageParameters parameters =
            StageParameters.draw(
                kernels, shape, new StageBlocks(0, shape.layers(), shape.layers()), spec.seed());
        StageNetwork network = new StageNetwork(parameters)) {
      for (long iteration = 0; iteration < spec.iterations(); iteration++) {
        double sum = 0;
        for (int replica = 0; replica < spec.pipeline().replicas(); replica++) {
          for (int number = 0; number < spec.pipeline().microbatches(); number++) {
            Microbatch microbatch = data.microbatch(iteration, replica, number);
            network.forward(microbatch);
            sum += network.loss(number);
            network.backward(number);
            network.weightGradients(number);
          }
        }
        int batch = spec.pipeline().batch();
        losses.add(sum / batch);
        double[] norms = {AdamW.squaredNorm(parameters)};
        spec.optimiser()
            .adamW()
            .step(
                parameters, GradientClipping.scale(norms, batch, spec.optimiser().gradientLimit()));
      }
    }
    return losses;
  }

  /** Relative, at every iteration. */
  public static void requireEqual(List<Double> losses, List<Double> wanted) {
    assertThat(losses).hasSameSizeAs(wanted);
    double worst = 0;
    for (int i = 0; i < losses.size(); i++) {
      worst = Math.max(worst, Math.abs(losses.get(i) - wanted.get(i)) / wanted.get(i));
    }
    assertThat(worst).as("largest relative difference").isLessThan(1e-5);
  }
}
