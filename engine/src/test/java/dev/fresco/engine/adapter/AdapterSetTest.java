package dev.fresco.engine.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.engine.GoldenTensors;
import dev.fresco.engine.adapter.AdapterSet.Stack;
import dev.fresco.engine.adapter.AdapterSet.Use;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AdapterSetTest {
  private static final LoraReader READER = new LoraReader(FixtureNetworks.sd15());
  private static final LoraAdapter A = read("a");
  private static final LoraAdapter B = read("b");
  private static final String SHARED = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q";
  private static final String CONVOLUTION = "mid_block.attentions.0.proj_in";

  private static LoraAdapter read(String label) {
    return READER.read(GoldenTensors.path("lora/sd15-tiny-" + label + ".kohya.safetensors"));
  }

  private static AdapterSet set(LoraAdapter first, double scale, LoraAdapter second, double other) {
    return AdapterSet.of(List.of(new Use(first, scale), new Use(second, other)));
  }

  @Test
  void theStackIsTheSumOfTheAdapters() {
    SortedMap<String, Stack> stacked = set(A, 0.5, B, -0.7).stacked(LoraComponent.UNET);

    TreeSet<String> both = new TreeSet<>(A.layers(LoraComponent.UNET).keySet());
    both.addAll(B.layers(LoraComponent.UNET).keySet());
    assertThat(stacked.keySet()).isEqualTo(both);
    assertThat(stacked.get(SHARED).ranks()).isEqualTo(12);
    stacked.forEach(
        (path, stack) -> {
          double[] expected = sum(path, Map.of(A, 0.5, B, -0.7));
          double[] product = product(stack.up().data(), stack.down().data(), stack.ranks());
          assertThat(product).hasSameSizeAs(expected);
          for (int i = 0; i < expected.length; i++) {
            assertThat(product[i]).as(path).isCloseTo(expected[i], within(1e-6));
          }
        });
  }

  private static double[] sum(String path, Map<LoraAdapter, Double> scales) {
    double[] sum = null;
    for (Map.Entry<LoraAdapter, Double> use : scales.entrySet()) {
      LowRank low = use.getKey().layers(LoraComponent.UNET).get(path);
      if (low != null) {
        double[] product = product(low.up().data(), low.down().data(), low.rank());
        sum = sum == null ? new double[product.length] : sum;
        for (int i = 0; i < product.length; i++) {
          sum[i] += use.getValue() * low.scale() * product[i];
        }
      }
    }
    return sum;
  }

  /** {@code [out, in]}; of convolutions {@code [out, in * height * width]}. */
  private static double[] product(float[] up, float[] down, int rank) {
    int out = up.length / rank;
    int in = down.length / rank;
    double[] product = new double[out * in];
    for (int row = 0; row < out; row++) {
      for (int i = 0; i < rank; i++) {
        for (int column = 0; column < in; column++) {
          product[row * in + column] += (double) up[row * rank + i] * down[i * in + column];
        }
      }
    }
    return product;
  }

  @Test
  void shapesFollowTheLayer() {
    SortedMap<String, Stack> stacked = set(B, 1, B, 2).stacked(LoraComponent.UNET);

    assertThat(stacked.get(SHARED).down().shape()).containsExactly(16, 32);
    assertThat(stacked.get(SHARED).up().shape()).containsExactly(32, 16);
    assertThat(stacked.get(CONVOLUTION).down().shape()).containsExactly(16, 64, 1, 1);
    assertThat(stacked.get(CONVOLUTION).up().shape()).containsExactly(64, 16, 1, 1);
  }

  @Test
  void componentsAreApart() {
    AdapterSet set = set(A, 1, B, 1);

    assertThat(set.stacked(LoraComponent.TEXT_ENCODER)).hasSize(12);
    assertThat(set.stacked(LoraComponent.TEXT_ENCODER_2)).isEmpty();
    assertThat(AdapterSet.NONE.stacked(LoraComponent.UNET)).isEmpty();
  }

  @Test
  void stacksAreMadeOnce() {
    AdapterSet set = set(A, 1, B, 1);

    assertThat(set.stacked(LoraComponent.UNET)).isSameAs(set.stacked(LoraComponent.UNET));
  }

  @Test
  void equalByAdapterScaleAndOrder() {
    assertThat(set(A, 1, B, 2)).isEqualTo(set(A, 1, B, 2)).hasSameHashCodeAs(set(A, 1, B, 2));
    assertThat(set(A, 1, B, 2))
        .isNotEqualTo(set(A, 1, B, 3))
        .isNotEqualTo(set(B, 2, A, 1))
        .isNotEqualTo(set(A, 1, read("b"), 2));
    assertThat(set(A, 0, B, -0.0)).isSameAs(AdapterSet.NONE);
    assertThat(set(A, 0, B, 2)).isEqualTo(AdapterSet.of(List.of(new Use(B, 2))));
  }

  @Test
  void aScaleMustBeFinite() {
    assertThatThrownBy(() -> new Use(A, Double.NaN))
        .hasMessageContainingAll(A.name(), "NaN", "finite");
  }
}
