package dev.fresco.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.GoldenTensors;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.ClipTextConfig;
import dev.fresco.engine.checkpoint.ClipTextConfig.Widths;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerTermsTest {
  private static final String DOWN = ".lora_A.weight";
  private static final String UP = ".lora_B.weight";
  private static final ClipTextConfig SMALL =
      new ClipTextConfig(10, 8, new Widths(2, 3, 1, 0, 1e-5), 2, true, 9);

  /**
   * The adapter's two uses in the reference: alone, and at a negative scale beside one without
   * texts.
   */
  @ParameterizedTest
  @CsvSource({"text.b,1.0", "text.ab,-0.7"})
  void givesTheStatesOfPatchedWeights(String reference, double scale) {
    GoldenTensors golden = GoldenTensors.read("sd15-tiny.lora.safetensors");
    TextAdapter a = new TextAdapter("a", List.of(), 0.5);
    TextAdapter b = new TextAdapter("b", List.of(textPairs()), scale);
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        ClipTextEncoder encoder = encoder(kernels)) {
      LayerTerms terms = LayerTerms.of(encoder.config(), List.of(a, b), 0);
      List<TextStates> made = encoder.encode(texts(golden), ClipReading.WHOLE, terms);
      List<TextStates> bare = encoder.encode(texts(golden), ClipReading.WHOLE);

      assertThat(error(made, golden.floats(reference))).isLessThan(1e-5);
      assertThat(error(bare, golden.floats(reference))).isGreaterThan(0.01);
    }
  }

  /** Of what an adapter is split into, the parts add up to it, on every linear layer. */
  @Test
  void severalAdaptersAddUp() {
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        ClipTextEncoder encoder = encoder(kernels)) {
      Map<String, LowRankPair> whole = new HashMap<>();
      Map<String, LowRankPair> head = new HashMap<>();
      Map<String, LowRankPair> tail = new HashMap<>();
      ClipTextEncoder.linears(encoder.config().widths())
          .forEach(
              (linear, shape) -> {
                String path = "encoder.layers.1." + linear;
                whole.put(path, pair(shape, 0, 3));
                head.put(path, pair(shape, 0, 1));
                tail.put("text_model." + path, pair(shape, 1, 3));
              });
      List<int[]> text = List.of(new int[] {609, 320, 592, 610});
      LayerTerms one =
          LayerTerms.of(
              encoder.config(), List.of(new TextAdapter("whole", List.of(whole), 0.3)), 0);
      LayerTerms two =
          LayerTerms.of(
              encoder.config(),
              List.of(
                  new TextAdapter("head", List.of(head), 0.3),
                  new TextAdapter("tail", List.of(tail), 0.3)),
              0);

      float[] states = encoder.encode(text, ClipReading.WHOLE, one).get(0).states().data();
      assertThat(encoder.encode(text, ClipReading.WHOLE, two).get(0).states().data())
          .usingComparatorWithPrecision(1e-5f)
          .containsExactly(states);
      assertThat(encoder.encode(text, ClipReading.WHOLE).get(0).states().data())
          .isNotEqualTo(states);
    }
  }

  @Test
  void adaptersLieSideBySideAlongTheRank() {
    LowRankPair first =
        new LowRankPair(
            HostTensor.of(new float[] {1, 2}, 1, 2), HostTensor.of(new float[] {3, 4}, 2, 1));
    LowRankPair second =
        new LowRankPair(
            HostTensor.of(new float[] {5, 6, 7, 8}, 2, 2),
            HostTensor.of(new float[] {9, 10, 11, 12}, 2, 2));
    String path = "text_model.encoder.layers.1.self_attn.q_proj";
    LayerTerms terms =
        LayerTerms.of(
            SMALL,
            List.of(
                new TextAdapter("x", List.of(Map.of(), Map.of(path, first)), 2),
                new TextAdapter("y", List.of(Map.of(), Map.of(path, second)), -1)),
            1);

    assertThat(terms.layers().get(0)).isEmpty();
    Map<String, HostTensor> layer = terms.layers().get(1);
    assertThat(layer).containsOnlyKeys("self_attn.q_proj.down", "self_attn.q_proj.up");
    assertThat(layer.get("self_attn.q_proj.down").shape()).containsExactly(3, 2);
    assertThat(layer.get("self_attn.q_proj.down").data()).containsExactly(1, 2, 5, 6, 7, 8);
    assertThat(layer.get("self_attn.q_proj.up").shape()).containsExactly(2, 3);
    assertThat(layer.get("self_attn.q_proj.up").data()).containsExactly(6, -9, -10, 8, -11, -12);
  }

  @ParameterizedTest
  @CsvSource({
    "text_model.encoder.layers.2.mlp.fc1,has no text_model.encoder.layers.2.mlp.fc1",
    "text_model.embeddings.token_embedding,has no text_model.embeddings.token_embedding",
    "encoder.layers.0.mlp.fc3,mlp.fc3 of layer 0",
    "encoder.layers.0.mlp.fc2,mlp.fc2 of layer 0"
  })
  void namesWhatDoesNotFit(String path, String reason) {
    LowRankPair square =
        new LowRankPair(HostTensor.of(new float[2], 1, 2), HostTensor.of(new float[2], 2, 1));
    TextAdapter adapter = new TextAdapter("style", List.of(Map.of(path, square)), 1);
    assertThatThrownBy(() -> LayerTerms.of(SMALL, List.of(adapter), 0))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("adapter style")
        .hasMessageContaining(reason);
  }

  @Test
  void aPairHasOneRank() {
    assertThatThrownBy(
            () ->
                new LowRankPair(
                    HostTensor.of(new float[4], 2, 2), HostTensor.of(new float[2], 2, 1)))
        .hasMessageContaining("[rank, in]");
  }

  /** Ranks {@code from} to {@code to} of a fixed adapter for a linear layer. */
  private static LowRankPair pair(long[] shape, int from, int to) {
    int out = (int) shape[0];
    int in = (int) shape[1];
    int rank = to - from;
    float[] down = new float[rank * in];
    float[] up = new float[out * rank];
    for (int r = 0; r < rank; r++) {
      for (int i = 0; i < in; i++) {
        down[r * in + i] = (float) Math.sin(i + 5 * (r + from));
      }
      for (int i = 0; i < out; i++) {
        up[i * rank + r] = (float) Math.cos(2 * i + 3 * (r + from));
      }
    }
    return new LowRankPair(HostTensor.of(down, rank, in), HostTensor.of(up, out, rank));
  }

  private static Map<String, LowRankPair> textPairs() {
    GoldenTensors file = GoldenTensors.read("lora/sd15-tiny-b.peft.safetensors");
    Map<String, LowRankPair> pairs = new HashMap<>();
    for (String name : file.names()) {
      if (name.startsWith("text_encoder.") && name.endsWith(DOWN)) {
        String stem = name.substring(0, name.length() - DOWN.length());
        pairs.put(
            stem.substring("text_encoder.".length()),
            new LowRankPair(tensor(file, name), tensor(file, stem + UP)));
      }
    }
    assertThat(pairs).hasSize(12);
    return pairs;
  }

  private static HostTensor tensor(GoldenTensors file, String name) {
    return new HostTensor(file.shape(name), file.floats(name));
  }

  private static List<int[]> texts(GoldenTensors golden) {
    long[] ids = golden.longs("input_ids"); // [texts, 77]
    return IntStream.range(0, ids.length / 77)
        .mapToObj(i -> Arrays.copyOfRange(ids, i * 77, i * 77 + 77))
        .map(row -> Arrays.stream(row).mapToInt(Math::toIntExact).toArray())
        .toList();
  }

  private static double error(List<TextStates> made, float[] reference) {
    List<Float> all = new ArrayList<>();
    made.forEach(
        text -> {
          for (float value : text.states().data()) {
            all.add(value);
          }
        });
    assertThat(all).hasSameSizeAs(reference);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < reference.length; i++) {
      difference += Math.pow(all.get(i) - reference[i], 2);
      norm += Math.pow(reference[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  private static ClipTextEncoder encoder(KernelLibrary kernels) {
    return ClipTextEncoder.load(
        new ComponentFolder(GoldenTensors.path("sd15-tiny/text_encoder")),
        kernels,
        ComputeType.FP32);
  }
}
