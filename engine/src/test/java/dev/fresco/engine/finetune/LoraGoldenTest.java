package dev.fresco.engine.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.engine.GoldenTensors;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.parity.RelativeError;
import dev.fresco.engine.training.AdamW;
import dev.fresco.engine.training.GradientClipping;
import dev.fresco.engine.training.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against PEFT and PyTorch; {@code fixtures/make_lora_training.py} makes the golden files. */
class LoraGoldenTest {
  private static final FineTuneSettings.Lora LORA = new FineTuneSettings.Lora(2, 3);
  private static final AdamW OPTIMISER = new AdamW(1e-2, 0.9, 0.99, 1e-6, 0.1);
  private static final double NORM_LIMIT = 0.05;
  private static final int STEPS = 3;
  private static final int PORTIONS = 2;

  @ParameterizedTest
  @ValueSource(strings = {"sd15-tiny", "sd21-tiny"})
  void trainsAsPeftDoes(String family) {
    GoldenTensors golden = GoldenTensors.read("training/" + family + ".safetensors");
    ComponentFolder folder = new ComponentFolder(GoldenTensors.path(family + "/unet"));
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        LoraNetwork network = LoraNetwork.load(folder, kernels, new FineTuneSettings.Size(16, 16));
        LoraFactors factors = LoraFactors.draw(kernels, network.layers(), LORA.rank(), 1)) {
      start(factors, golden);
      for (int step = 0; step < STEPS; step++) {
        for (int portion = 0; portion < PORTIONS; portion++) {
          String name = step + "." + portion + ".";
          double loss = network.accumulate(factors, LORA.scale(), shown(golden, name));
          assertThat(loss).isCloseTo(golden.floats(name + "loss")[0], within(1e-5));
        }
        if (step == 0) {
          requireGradients(factors, golden);
        }
        double[] norms = {AdamW.squaredNorm(factors.parameters())};
        assertThat(GradientClipping.meanNorm(norms, PORTIONS))
            .isCloseTo(golden.floats(step + ".norm")[0], within(1e-4));
        OPTIMISER.step(factors.parameters(), GradientClipping.scale(norms, PORTIONS, NORM_LIMIT));
      }
      factors
          .parameters()
          .byName()
          .forEach(
              (name, parameter) ->
                  requireClose("end." + name, parameter.weight().toFloatArray(), golden));
    }
  }

  private static void start(LoraFactors factors, GoldenTensors golden) {
    long wanted = golden.names().stream().filter(name -> name.startsWith("start.")).count();
    assertThat(factors.parameters().byName()).hasSize((int) wanted);
    factors
        .parameters()
        .byName()
        .forEach(
            (name, parameter) ->
                parameter
                    .weight()
                    .toByteBuffer(true)
                    .asFloatBuffer()
                    .put(golden.floats("start." + name)));
  }

  private static TrainingRows shown(GoldenTensors golden, String name) {
    long[] shape = golden.shape(name + "states");
    float[] states = golden.floats(name + "states");
    int each = (int) (shape[1] * shape[2]);
    List<TextStates> texts = new ArrayList<>();
    for (int row = 0; row < shape[0]; row++) {
      float[] own = Arrays.copyOfRange(states, row * each, (row + 1) * each);
      texts.add(new TextStates(HostTensor.of(own, shape[1], shape[2]), null));
    }
    return new TrainingRows(
        tensor(golden, name + "noisy"),
        golden.floats(name + "timesteps"),
        texts,
        tensor(golden, name + "target"));
  }

  private static HostTensor tensor(GoldenTensors golden, String name) {
    return HostTensor.of(golden.floats(name), golden.shape(name));
  }

  /** The golden ones are means over the portions, ours sums. */
  private static void requireGradients(LoraFactors factors, GoldenTensors golden) {
    for (Map.Entry<String, Parameter> entry : factors.parameters().byName().entrySet()) {
      float[] mean = entry.getValue().gradient().toFloatArray();
      for (int i = 0; i < mean.length; i++) {
        mean[i] /= PORTIONS;
      }
      requireClose("gradient." + entry.getKey(), mean, golden);
    }
  }

  private static void requireClose(String name, float[] found, GoldenTensors golden) {
    assertThat(RelativeError.of(found, golden.floats(name))).as(name).isLessThan(1e-4);
  }
}
