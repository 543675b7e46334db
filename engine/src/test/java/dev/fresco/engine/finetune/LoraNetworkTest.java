package dev.fresco.engine.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.NativeException;
import dev.fresco.engine.NativeTensors;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.parity.RelativeError;
import dev.fresco.engine.training.AdamW;
import dev.fresco.engine.training.Parameter;
import dev.fresco.engine.unet.AttendedText;
import dev.fresco.engine.unet.UNet;
import dev.fresco.engine.unet.UNetInput;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraNetworkTest {
  private static final FineTuneSettings.Size SIZE = new FineTuneSettings.Size(16, 16);
  private static final Path TINY = Path.of("fixtures/sd21-tiny/unet");
  private static final double SCALE = 1.5;
  private static KernelLibrary kernels;
  private static LoraNetwork network;

  @BeforeAll
  static void open() {
    kernels = KernelLibrary.on("cpu");
    network = LoraNetwork.load(new ComponentFolder(TINY), kernels, SIZE);
  }

  @AfterAll
  static void close() {
    network.close();
    kernels.close();
  }

  private static TrainingRows rows(int count, int channels, int places, int context, int pooled) {
    HostTensor noisy = TorchNoise.standardNormal(1, count, channels, places, places);
    HostTensor target = TorchNoise.standardNormal(2, count, channels, places, places);
    TextStates text =
        new TextStates(
            TorchNoise.standardNormal(3, 9, context),
            pooled == 0 ? null : TorchNoise.standardNormal(4, pooled));
    float[] timesteps = new float[count];
    for (int row = 0; row < count; row++) {
      timesteps[row] = 100 + 300 * row;
    }
    return new TrainingRows(noisy, timesteps, Collections.nCopies(count, text), target);
  }

  private static TrainingRows tiny() {
    return rows(3, 4, 8, 32, 0);
  }

  private static LoraFactors factors(LoraNetwork of, int rank) {
    return LoraFactors.draw(kernels, of.layers(), rank, 5);
  }

  /** From the start, where all changes are zero. */
  private static void moveAway(LoraFactors factors) {
    Random random = new Random(6);
    for (String layer : factors.layers()) {
      FloatBuffer up = factors.up(layer).toByteBuffer(true).asFloatBuffer();
      for (int i = 0; i < up.limit(); i++) {
        up.put(i, (float) (0.2 * random.nextGaussian()));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "fixtures/sd15-tiny/unet, 8, 32, 0",
    "fixtures/sd21-tiny/unet, 8, 32, 0",
    "fixtures/sdxl-tiny/unet, 8, 96, 32",
    "../models/emoji/unet, 16, 192, 0"
  })
  void isTheNetworkThatPaints(String folder, int places, int context, int pooled) {
    ComponentFolder component = new ComponentFolder(Path.of(folder));
    TrainingRows rows = rows(2, 4, places, context, pooled);
    try (LoraNetwork trained = LoraNetwork.load(component, kernels, SIZE);
        UNet painting = UNet.load(component, kernels, ComputeType.FP32);
        LoraFactors factors = factors(trained, 4)) {
      float[] plain = painted(painting, rows);
      assertThat(trained.predict(factors, SCALE, rows).data())
          .satisfies(values -> assertThat(RelativeError.of(values, plain)).isLessThan(1e-4));

      moveAway(factors);
      patch(painting, factors);
      float[] patched = painted(painting, rows);
      assertThat(RelativeError.of(patched, plain)).isGreaterThan(1e-2);
      assertThat(trained.predict(factors, SCALE, rows).data())
          .satisfies(values -> assertThat(RelativeError.of(values, patched)).isLessThan(1e-4));
    }
  }

  private static void patch(UNet painting, LoraFactors factors) {
    for (String layer : factors.layers()) {
      try (NDManager scope = kernels.manager().newSubManager()) {
        float[] up = factors.up(layer).toFloatArray();
        for (int i = 0; i < up.length; i++) {
          up[i] *= (float) SCALE;
        }
        NDArray scaled = scope.create(up, factors.up(layer).getShape());
        NDArray down =
            scope.create(factors.down(layer).toFloatArray(), factors.down(layer).getShape());
        painting.weights().patch(layer, down, scaled);
      }
    }
  }

  private static float[] painted(UNet painting, TrainingRows rows) {
    try (NDManager scope = kernels.manager().newSubManager()) {
      HostTensor states = rows.texts().get(0).states();
      NDArray one = scope.create(states.data(), new Shape(states.shape())).expandDims(0);
      NDArray context = one.repeat(0, rows.count());
      Maps noisy = new Maps(scope.create(rows.noisy().data(), new Shape(rows.noisy().shape())));
      try (AttendedText text = painting.attend(List.of(context), AdapterTerms.none())) {
        UNetInput input =
            new UNetInput(
                noisy,
                scope.create(rows.timesteps()),
                added(painting, scope, rows),
                text,
                List.of(),
                AdapterTerms.none());
        return painting.forward(scope, input).group(0).toFloatArray();
      }
    }
  }

  private static Optional<NDArray> added(UNet painting, NDManager scope, TrainingRows rows) {
    HostTensor pooled = rows.texts().get(0).pooled();
    if (pooled == null) {
      return Optional.empty();
    }
    float[] sizes = {16, 16, 0, 0, 16, 16};
    return Optional.of(
        painting.added(
            scope,
            scope.create(sizes, new Shape(1, 6)).repeat(0, rows.count()),
            scope.create(pooled.data()).expandDims(0).repeat(0, rows.count()),
            new long[] {rows.count()},
            AdapterTerms.none()));
  }

  @Test
  void gradientsAgreeWithDifferences() {
    try (LoraFactors factors = factors(network, 3)) {
      moveAway(factors);
      TrainingRows rows = tiny();
      network.accumulate(factors, SCALE, rows);
      for (Map.Entry<String, Parameter> entry : factors.parameters().byName().entrySet()) {
        float[] gradient = entry.getValue().gradient().toFloatArray();
        double squares = 0;
        for (float each : gradient) {
          squares += (double) each * each;
        }
        double slope = slope(factors, rows, entry.getValue().weight(), gradient, squares);
        assertThat(slope)
            .as(entry.getKey())
            .isCloseTo(Math.sqrt(squares), within(0.02 * Math.sqrt(squares) + 2e-5));
      }
    }
  }

  /** Along the gradient, where fp32 has a difference to show. */
  private static double slope(
      LoraFactors factors, TrainingRows rows, NDArray weight, float[] gradient, double squares) {
    double way = 0.02 / Math.sqrt(squares);
    FloatBuffer values = weight.toByteBuffer(true).asFloatBuffer();
    float[] before = weight.toFloatArray();
    double[] losses = new double[2];
    for (int side = 0; side < 2; side++) {
      for (int i = 0; i < before.length; i++) {
        values.put(i, (float) (before[i] + (side == 0 ? way : -way) * gradient[i]));
      }
      losses[side] = loss(network.predict(factors, SCALE, rows), rows.target());
    }
    values.put(0, before);
    return (losses[0] - losses[1]) / (2 * 0.02);
  }

  private static double loss(HostTensor output, HostTensor target) {
    double sum = 0;
    for (int i = 0; i < output.data().length; i++) {
      double error = (double) output.data()[i] - target.data()[i];
      sum += error * error;
    }
    return sum / output.data().length;
  }

  @Test
  void theLossIsTheMeanSquaredErrorAndPortionsAddUp() {
    try (LoraFactors factors = factors(network, 3)) {
      TrainingRows rows = tiny();
      double loss = network.accumulate(factors, SCALE, rows);
      double once = AdamW.squaredNorm(factors.parameters());
      network.accumulate(factors, SCALE, rows);

      assertThat(loss)
          .isCloseTo(loss(network.predict(factors, SCALE, rows), rows.target()), within(1e-5));
      assertThat(AdamW.squaredNorm(factors.parameters())).isCloseTo(4 * once, within(1e-4 * once));
    }
  }

  @Test
  void trainingLeavesTheNetworkAsItWasAndNativeMemoryTheSame() {
    try (LoraFactors factors = factors(network, 3)) {
      TrainingRows rows = tiny();
      float[] before = network.predict(factors, SCALE, rows).data();
      int tensors = NativeTensors.heldBy(kernels.manager());
      double first = network.accumulate(factors, SCALE, rows);
      double last = first;
      for (int step = 0; step < 50; step++) {
        AdamW.withRate(1e-2).step(factors.parameters(), 1);
        last = network.accumulate(factors, SCALE, rows);
        assertThat(NativeTensors.heldBy(kernels.manager())).isEqualTo(tensors);
      }
      assertThat(last).isLessThan(0.95 * first);
      assertThat(network.predict(factors, SCALE, rows).data()).isNotEqualTo(before);
      try (LoraFactors fresh = factors(network, 3)) {
        assertThat(network.predict(fresh, SCALE, rows).data()).containsExactly(before);
      }
    }
  }

  @Test
  void aPassThatFailsSaysWhereAndKeepsNothing() {
    try (LoraFactors factors = factors(network, 3)) {
      int tensors = NativeTensors.heldBy(kernels.manager());
      assertThatThrownBy(() -> network.accumulate(factors, SCALE, rows(1, 4, 8, 31, 0)))
          .isInstanceOf(NativeException.class)
          .hasMessageContaining("kernel transformer.text failed");
      assertThat(NativeTensors.heldBy(kernels.manager())).isEqualTo(tensors);
      assertThat(network.accumulate(factors, SCALE, tiny())).isPositive();
    }
  }

  @Test
  void tellsStableDiffusionXlTheSizes() {
    ComponentFolder folder = new ComponentFolder(Path.of("fixtures/sdxl-tiny/unet"));
    try (LoraNetwork xl = LoraNetwork.load(folder, kernels, SIZE);
        LoraNetwork other = LoraNetwork.load(folder, kernels, new FineTuneSettings.Size(64, 16));
        LoraFactors factors = factors(xl, 2)) {
      TrainingRows rows = rows(2, 4, 8, 96, 32);
      assertThat(xl.accumulate(factors, SCALE, rows)).isPositive();
      assertThat(AdamW.squaredNorm(factors.parameters())).isPositive();
      assertThat(other.predict(factors, SCALE, rows).data())
          .isNotEqualTo(xl.predict(factors, SCALE, rows).data());
    }
  }
}
