package dev.fresco.engine.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.kernel.KernelLibrary;
import java.nio.FloatBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AdamWTest {
  /** The bias of the norm has four numbers. */
  private static final LanguageModelShape SHAPE = new LanguageModelShape(3, 2, 4, 1, 4, 1);

  @Test
  void agreesWithPyTorch() {
    // torch.optim.AdamW([p], lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1), fp32
    AdamW optimiser = new AdamW(0.02, 0.8, 0.95, 1e-6, 0.1);
    float[][] gradients = {
      {0.1f, -0.2f, 3, 0}, {0.3f, 0.25f, -1.5f, 1e-4f}, {-0.05f, 0, 0.75f, 2e-4f}
    };
    float[][] weights = {
      {0.4790002107620239f, -1.2275002002716064f, 2.9739999771118164f, 0.0009980000322684646f},
      {0.45935067534446716f, -1.2294501066207886f, 2.9638030529022217f, -0.014306137338280678f},
      {0.4471433162689209f, -1.2302170991897583f, 2.9516894817352295f, -0.03156868368387222f}
    };
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        StageParameters stage = StageParameters.draw(kernels, SHAPE, new StageBlocks(0, 1, 1), 1)) {
      Parameter parameter = stage.byName().get("norm.bias");
      put(parameter.weight(), 0.5f, -1.25f, 3, 1e-3f);
      for (int step = 0; step < gradients.length; step++) {
        float[] twice = gradients[step].clone();
        for (int i = 0; i < twice.length; i++) {
          twice[i] *= 2;
        }
        put(parameter.gradient(), twice);
        optimiser.step(stage, 0.5);

        assertThat(stage.steps()).isEqualTo(step + 1);
        assertThat(parameter.weight().toFloatArray()).containsExactly(weights[step], within(3e-7f));
        assertThat(parameter.gradient().toFloatArray()).containsOnly(0);
      }
    }
  }

  @Test
  void addsTheSquaresOfAllGradients() {
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        StageParameters stage = StageParameters.draw(kernels, SHAPE, new StageBlocks(0, 1, 1), 1)) {
      put(stage.byName().get("norm.bias").gradient(), 3, 0, 4, 0);
      put(stage.byName().get("blocks.0.qkv.bias").gradient(), new float[] {12});

      assertThat(AdamW.squaredNorm(stage)).isCloseTo(169, within(1e-12));
    }
  }

  @Test
  void gradientsThatAreNotFiniteChangeNothing() {
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        StageParameters stage = StageParameters.draw(kernels, SHAPE, new StageBlocks(0, 1, 1), 1)) {
      Parameter parameter = stage.byName().get("norm.bias");
      put(parameter.gradient(), Float.POSITIVE_INFINITY);
      double scale = GradientClipping.scale(new double[] {AdamW.squaredNorm(stage)}, 1, 1);

      assertThatThrownBy(() -> AdamW.withRate(1).step(stage, scale))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("not finite");
      assertThat(stage.steps()).isZero();
      assertThat(parameter.weight().toFloatArray()).containsOnly(0);
    }
  }

  @Test
  void clipsAsPyTorchDoes() {
    // clip_grad_norm_ of (3, 4, 0, 12) to 2 gives (0.4615384340, 0.6153845787, 0, 1.8461537361)
    double scale = GradientClipping.scale(new double[] {9 + 16, 144}, 1, 2);
    assertThat(3 * scale).isCloseTo(0.461538434, within(1e-7));
    assertThat(12 * scale).isCloseTo(1.846153736, within(1e-7));
    assertThat(GradientClipping.scale(new double[] {144, 256}, 4, 2.5))
        .isCloseTo(0.125, within(1e-6));
  }

  @Property(tries = 200)
  void theMeanIsNeverLongerThanTheLimit(
      @ForAll @Size(min = 1, max = 5) List<@DoubleRange(max = 1e6) Double> norms,
      @ForAll @IntRange(min = 1, max = 64) int microbatches,
      @ForAll @DoubleRange(min = 0.01, max = 100) double limit) {
    double[] squares = norms.stream().mapToDouble(norm -> norm).toArray();
    double scale = GradientClipping.scale(squares, microbatches, limit);
    double mean = GradientClipping.meanNorm(squares, microbatches);

    assertThat(mean * microbatches * scale).isLessThanOrEqualTo(limit);
    if (mean + 1e-6 <= limit) {
      assertThat(scale).isEqualTo(1.0 / microbatches);
    }
  }

  @Test
  void refusesSettingsOutOfRange() {
    assertThatThrownBy(() -> new AdamW(0, 0.9, 0.999, 1e-8, 0)).hasMessageContaining("learning");
    assertThatThrownBy(() -> new AdamW(1, 1, 0.999, 1e-8, 0)).hasMessageContaining("beta1");
    assertThatThrownBy(() -> new AdamW(1, 0.9, Double.NaN, 1e-8, 0)).hasMessageContaining("beta2");
    assertThatThrownBy(() -> new AdamW(1, 0.9, 0.999, 0, 0)).hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new AdamW(1, 0.9, 0.999, 1e-8, -1)).hasMessageContaining("decay");
    assertThatThrownBy(() -> GradientClipping.scale(new double[1], 0, 1))
        .hasMessageContaining("0 microbatches");
  }

  private static void put(NDArray tensor, float... values) {
    FloatBuffer buffer = tensor.toByteBuffer(true).asFloatBuffer();
    for (int i = 0; i < values.length; i++) {
      buffer.put(i, values[i]);
    }
  }
}
