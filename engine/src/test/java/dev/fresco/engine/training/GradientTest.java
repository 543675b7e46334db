package dev.fresco.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.kernel.KernelLibrary;
import java.nio.DoubleBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The derivatives by hand, against differences. */
class GradientTest {
  private static final LanguageModelShape SHAPE = new LanguageModelShape(7, 5, 6, 2, 9, 2);
  private static final Microbatch MICROBATCH = TinyModels.random(0, SHAPE, 3, 4, 5);

  private static final DiffusionTransformerShape PICTURES =
      new DiffusionTransformerShape(
          new DiffusionTransformerShape.Latents(2, 4, 2, 2), 3, 4, 2, 6, 2);
  private static final Microbatch NOISY =
      TinyModels.pictures(0, PICTURES, DiffusionTarget.VELOCITY, 4, 5);

  static List<Arguments> models() {
    return List.of(Arguments.of(SHAPE, MICROBATCH), Arguments.of(PICTURES, NOISY));
  }

  @ParameterizedTest
  @MethodSource("models")
  void everyWeightInDoublePrecisionAgreesWithCentralDifferences(
      ModelShape shape, Microbatch microbatch) {
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        TinyModels model = new TinyModels()) {
      model.add(
          StageParameters.draw(kernels, shape, new StageBlocks(0, 2, 2), 1, DataType.FLOAT64));
      StageParameters stage = model.parameters.get(0);
      moveAway(stage);
      model.accumulate(List.of(microbatch));

      for (Map.Entry<String, Parameter> entry : stage.byName().entrySet()) {
        double[] gradient = entry.getValue().gradient().toDoubleArray();
        double largest = 0;
        for (int i = 0; i < gradient.length; i++) {
          double difference = difference(model, microbatch, entry.getValue().weight(), i);
          assertThat(gradient[i])
              .as("%s[%d]", entry.getKey(), i)
              .isCloseTo(difference, within(1e-8 + 1e-6 * Math.abs(difference)));
          largest = Math.max(largest, Math.abs(difference));
        }
        assertThat(largest).as(entry.getKey()).isGreaterThan(1e-4);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void singlePrecisionAgreesWithDoublePrecision(ModelShape shape, Microbatch microbatch) {
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        TinyModels exact = new TinyModels();
        TinyModels model = TinyModels.draw(kernels, shape, 1, 1)) {
      exact.add(
          StageParameters.draw(kernels, shape, new StageBlocks(0, 2, 2), 1, DataType.FLOAT64));
      double loss = exact.accumulate(List.of(microbatch));

      assertThat(model.accumulate(List.of(microbatch))).isCloseTo(loss, within(1e-6));
      Map<String, Parameter> found = model.parameters.get(0).byName();
      exact
          .parameters
          .get(0)
          .byName()
          .forEach((name, parameter) -> requireClose(name, found.get(name), parameter));
    }
  }

  private static void requireClose(String name, Parameter found, Parameter exact) {
    float[] single = found.gradient().toFloatArray();
    double[] wanted = exact.gradient().toDoubleArray();
    double largest = 0;
    for (double value : wanted) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < wanted.length; i++) {
      assertThat((double) single[i])
          .as("%s[%d]", name, i)
          .isCloseTo(wanted[i], within(1e-5 * largest + 1e-9));
    }
  }

  @Test
  void theInputsGradientAgreesWithCentralDifferences() {
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        StageParameters parameters =
            StageParameters.draw(kernels, SHAPE, new StageBlocks(1, 2, 2), 3);
        StageNetwork stage = new StageNetwork(parameters)) {
      float[] x = new float[3 * 4 * 6];
      Random random = new Random(2);
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextGaussian();
      }
      stage.forward(MICROBATCH, HostTensor.of(x, 3, 4, 6));
      float[] gradient = stage.backward(0).orElseThrow().data();

      // Along the gradient, where fp32 has a difference to show.
      double squares = 0;
      float[] ahead = x.clone();
      float[] behind = x.clone();
      for (int i = 0; i < x.length; i++) {
        squares += (double) gradient[i] * gradient[i];
      }
      float way = (float) (0.02 / Math.sqrt(squares));
      for (int i = 0; i < x.length; i++) {
        ahead[i] += way * gradient[i];
        behind[i] -= way * gradient[i];
      }
      stage.abandon(0);
      double slope = (loss(stage, ahead) - loss(stage, behind)) / (2 * 0.02);
      assertThat(slope).isCloseTo(Math.sqrt(squares), within(1e-3 * Math.sqrt(squares)));
    }
  }

  private static double loss(StageNetwork stage, float[] x) {
    stage.forward(MICROBATCH, HostTensor.of(x, 3, 4, 6));
    double loss = stage.loss(0);
    stage.abandon(0);
    return loss;
  }

  /** From the start, where biases are zero and all attention is even. */
  private static void moveAway(StageParameters stage) {
    Random random = new Random(4);
    stage
        .byName()
        .values()
        .forEach(
            parameter -> {
              DoubleBuffer values = parameter.weight().toByteBuffer(true).asDoubleBuffer();
              for (int i = 0; i < values.limit(); i++) {
                values.put(i, values.get(i) + 0.3 * random.nextGaussian());
              }
            });
  }

  private static double difference(
      TinyModels model, Microbatch microbatch, NDArray weight, int index) {
    double way = 1e-5;
    DoubleBuffer values = weight.toByteBuffer(true).asDoubleBuffer();
    double before = values.get(index);
    values.put(index, before + way);
    double ahead = loss(model, microbatch);
    values.put(index, before - way);
    double behind = loss(model, microbatch);
    values.put(index, before);
    return (ahead - behind) / (2 * way);
  }

  private static double loss(TinyModels model, Microbatch microbatch) {
    double loss = model.forward(microbatch);
    model.stages.get(0).abandon(microbatch.number());
    return loss;
  }
}
