package dev.fresco.engine.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.kernel.KernelLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A model in stages, run one stage after the other. */
final class TinyModels implements AutoCloseable {
  static final LanguageModelShape SHAPE = new LanguageModelShape(11, 6, 8, 2, 12, 4);

  static final DiffusionTransformerShape PICTURES =
      new DiffusionTransformerShape(
          new DiffusionTransformerShape.Latents(3, 4, 6, 2), 3, 8, 2, 12, 4);

  final List<StageParameters> parameters = new ArrayList<>();
  final List<StageNetwork> stages = new ArrayList<>();

  static TinyModels draw(KernelLibrary kernels, ModelShape shape, int stages, long seed) {
    TinyModels model = new TinyModels();
    for (StageBlocks blocks : StageBlocks.evenly(shape.layers(), stages)) {
      model.add(StageParameters.draw(kernels, shape, blocks, seed));
    }
    return model;
  }

  void add(StageParameters stage) {
    parameters.add(stage);
    stages.add(new StageNetwork(stage));
  }

  static Microbatch random(int number, LanguageModelShape shape, int rows, int places, long seed) {
    Random random = new Random(seed);
    int[][] sequences = new int[rows][places + 1];
    for (int[] sequence : sequences) {
      for (int i = 0; i <= places; i++) {
        sequence[i] = random.nextInt(shape.vocabulary());
      }
    }
    return Microbatch.of(number, sequences);
  }

  static Microbatch pictures(
      int number, DiffusionTransformerShape shape, DiffusionTarget target, int rows, long seed) {
    Random random = new Random(seed);
    float[] times = new float[rows];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      times[row] = random.nextFloat();
      labels[row] = random.nextInt(shape.labels());
    }
    HostTensor clean = normal(shape.latents(), rows, random);
    HostTensor noise = normal(shape.latents(), rows, random);
    return new Microbatch(number, NoisyLatents.of(target, clean, noise, times, labels));
  }

  private static HostTensor normal(
      DiffusionTransformerShape.Latents latents, int rows, Random random) {
    float[] values = new float[rows * latents.channels() * latents.height() * latents.width()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return HostTensor.of(values, rows, latents.channels(), latents.height(), latents.width());
  }

  double forward(Microbatch microbatch) {
    Optional<HostTensor> states = stages.get(0).forward(microbatch);
    for (StageNetwork stage : stages.subList(1, stages.size())) {
      states = stage.forward(microbatch, states.orElseThrow());
    }
    return last().loss(microbatch.number());
  }

  void backward(int microbatch) {
    Optional<HostTensor> gradient = last().backward(microbatch);
    for (int i = stages.size() - 2; i >= 0; i--) {
      gradient = stages.get(i).backward(microbatch, gradient.orElseThrow());
    }
  }

  void weightGradients(int microbatch) {
    stages.forEach(stage -> stage.weightGradients(microbatch));
  }

  /** All three passes of each microbatch, one after the other; the mean loss. */
  double accumulate(List<Microbatch> batch) {
    double sum = 0;
    for (Microbatch microbatch : batch) {
      sum += forward(microbatch);
      backward(microbatch.number());
      weightGradients(microbatch.number());
    }
    return sum / batch.size();
  }

  void step(AdamW optimiser, int microbatches, double limit) {
    double[] norms = parameters.stream().mapToDouble(AdamW::squaredNorm).toArray();
    double scale = GradientClipping.scale(norms, microbatches, limit);
    parameters.forEach(stage -> optimiser.step(stage, scale));
  }

  /**
   * @param whole the same model in one stage
   * @param tolerance times the largest number of a gradient
   */
  void requireGradientsOf(TinyModels whole, double tolerance) {
    Map<String, Parameter> wanted = whole.parameters.get(0).byName();
    int compared = 0;
    for (StageParameters stage : parameters) {
      for (Map.Entry<String, Parameter> entry : stage.byName().entrySet()) {
        float[] gradient = entry.getValue().gradient().toFloatArray();
        float[] other = wanted.get(entry.getKey()).gradient().toFloatArray();
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < other.length; i++) {
          largest = Math.max(largest, Math.abs(other[i]));
          difference = Math.max(difference, Math.abs((double) gradient[i] - other[i]));
        }
        assertThat(largest).as(entry.getKey()).isPositive();
        assertThat(difference).as(entry.getKey()).isLessThanOrEqualTo(tolerance * largest);
        compared++;
      }
    }
    assertThat(compared).isEqualTo(wanted.size());
  }

  private StageNetwork last() {
    return stages.get(stages.size() - 1);
  }

  @Override
  public void close() {
    stages.forEach(StageNetwork::close);
    parameters.forEach(StageParameters::close);
  }
}
