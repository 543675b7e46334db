package dev.fresco.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.GoldenTensors;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.Prompt.LongPrompt;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the families do with prompts beside the numbers, which the golden files hold. */
class PromptEncodersTest {
  private static final String LONG = "a red cat on a hill, ".repeat(30);
  private static KernelLibrary kernels;
  private static ClipText first;
  private static ClipText second;
  private static T5Text t5;

  @BeforeAll
  static void open() {
    kernels = KernelLibrary.on("cpu");
    first = clip("sdxl-tiny", "");
    second = clip("sdxl-tiny", "_2");
    t5 =
        T5Text.load(
            GoldenTensors.path("flux-schnell-tiny/tokenizer_2"),
            256,
            new ComponentFolder(GoldenTensors.path("flux-schnell-tiny/text_encoder_2")),
            kernels,
            ComputeType.FP32);
  }

  @AfterAll
  static void close() {
    first.close();
    second.close();
    t5.close();
    kernels.close();
  }

  @Test
  void aLongPromptIsCutAndSaysSoOrKeptInChunks() {
    PromptEncoder encoder = new StableDiffusionPromptEncoder(first);
    Conditioning cut = encoder.encode(prompt(LONG, "", LongPrompt.CUT), List.of());
    Conditioning whole = encoder.encode(prompt(LONG, "", LongPrompt.CHUNK), List.of());

    assertThat(cut.truncated()).isTrue();
    assertThat(tokens(cut)).containsExactly(77, 77);
    assertThat(whole.truncated()).isFalse();
    assertThat(tokens(whole)[0]).isGreaterThan(77);
    assertThat(tokens(whole)[0] % 77).isZero();
    assertThat(tokens(whole)[1]).isEqualTo(tokens(whole)[0]);
    assertThat(cut.positive().pooled()).isNull();
    assertThat(encoder.encode(prompt("a cat", LONG, LongPrompt.CUT), List.of()).truncated())
        .isTrue();
    assertThat(encoder.encode(Prompt.of("a cat", ""), List.of()).truncated()).isFalse();
  }

  @Test
  void bothPromptsAreOnePassOfEachEncoder() {
    Prompt chunked = prompt(LONG, "a dog", LongPrompt.CHUNK);
    assertThat(callsOf(new StableDiffusionPromptEncoder(first), chunked)).isEqualTo(1);
    assertThat(callsOf(new SdxlPromptEncoder(first, second, true), chunked)).isEqualTo(2);
    assertThat(callsOf(new FluxPromptEncoder(first, t5), chunked)).isEqualTo(2);
  }

  @Test
  void oneLongTextOfFourGivesAllTheSameChunks() {
    SdxlPromptEncoder encoder = new SdxlPromptEncoder(first, second, true);
    Prompt prompt = new Prompt("a cat", "a dog", "a tree", LONG, 0, LongPrompt.CHUNK);
    Conditioning made = encoder.encode(prompt, List.of());
    assertThat(tokens(made)[0]).isGreaterThan(77).isEqualTo(tokens(made)[1]);
    assertThat(made.positive().states().shape()[1]).isEqualTo(32 + 64);
    assertThat(made.positive().pooled().shape()).containsExactly(32);
  }

  @Test
  void emptyNegativesOfSdxlAreZerosOnlyWhereTheModelSaysSo() {
    Prompt empty = Prompt.of("a cat", "");
    Conditioning zeros = new SdxlPromptEncoder(first, second, true).encode(empty, List.of());
    Conditioning encoded = new SdxlPromptEncoder(first, second, false).encode(empty, List.of());
    assertThat(zeros.negative().states().data()).containsOnly(0);
    assertThat(zeros.negative().pooled().data()).containsOnly(0);
    assertThat(encoded.negative().states().data()).doesNotContain(0);
    assertThat(encoded.positive().states().data())
        .usingComparatorWithPrecision(1e-5f)
        .containsExactly(zeros.positive().states().data());

    Prompt half = new Prompt("a cat", "", null, "a tree", 0, LongPrompt.CUT);
    assertThat(
            new SdxlPromptEncoder(first, second, true)
                .encode(half, List.of())
                .negative()
                .states()
                .data())
        .doesNotContain(0);
  }

  @Test
  void fluxIsCutWhereNoEncoderReadsTheWords() {
    PromptEncoder encoder = new FluxPromptEncoder(first, t5);
    String clipOnly = "! ".repeat(80); // more than 75 words for CLIP
    assertThat(encoder.encode(Prompt.of("a cat", ""), List.of()))
        .satisfies(made -> assertThat(made.truncated()).isFalse())
        .satisfies(made -> assertThat(made.negative()).isNull());
    assertThat(encoder.encode(Prompt.of(LONG, ""), List.of()).truncated()).isTrue();
    Prompt apart = new Prompt(clipOnly, "", "a cat", null, 0, LongPrompt.CHUNK);
    assertThat(encoder.encode(apart, List.of()).truncated()).isTrue();
    Prompt same = new Prompt("a cat", "", "a cat", null, 0, LongPrompt.CUT);
    assertThat(encoder.encode(same, List.of()).truncated()).isFalse();
  }

  @Test
  void refusesMoreClipSkipThanThereAreLayers() {
    refused(new StableDiffusionPromptEncoder(first), 4, "3 layers allows 0 to 3");
    refused(new SdxlPromptEncoder(first, second, true), 3, "3 layers allows 0 to 2");
    refused(new FluxPromptEncoder(first, t5), 1, "only 0");
  }

  @Test
  void refusesEncodersThatDoNotGoTogether() {
    assertThatThrownBy(() -> new SdxlPromptEncoder(second, first, true))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("must be a CLIPTextModelWithProjection");
    try (ClipText shorter = clip("clip-wide", "_2")) {
      assertThatThrownBy(() -> new SdxlPromptEncoder(first, shorter, true))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("takes 77 tokens and text_encoder_2 33");
    }
  }

  /** An adapter of the second encoder leaves the channels of the first as they are. */
  @Test
  void anAdapterChangesItsOwnEncoderOnly() {
    SdxlPromptEncoder encoder = new SdxlPromptEncoder(first, second, true);
    float[] ones = new float[64];
    Arrays.fill(ones, 0.1f);
    LowRankPair pair =
        new LowRankPair(HostTensor.of(ones, 1, 64), HostTensor.of(ones.clone(), 64, 1));
    TextAdapter adapter =
        new TextAdapter(
            "x", List.of(Map.of(), Map.of("encoder.layers.0.self_attn.v_proj", pair)), 1);
    float[] bare = encoder.encode(Prompt.of("a cat", ""), List.of()).positive().states().data();
    float[] with =
        encoder.encode(Prompt.of("a cat", ""), List.of(adapter)).positive().states().data();
    assertThat(row(with, 0, 32)).containsExactly(row(bare, 0, 32));
    assertThat(row(with, 32, 96)).isNotEqualTo(row(bare, 32, 96));
  }

  /** Channels of the second token. */
  private static float[] row(float[] states, int from, int to) {
    return Arrays.copyOfRange(states, 96 + from, 96 + to);
  }

  private static void refused(PromptEncoder encoder, int clipSkip, String reason) {
    Prompt prompt = new Prompt("a cat", "", null, null, clipSkip, LongPrompt.CUT);
    assertThatThrownBy(() -> encoder.encode(prompt, List.of()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("clipSkip is " + clipSkip)
        .hasMessageContaining(reason);
  }

  private static long callsOf(PromptEncoder encoder, Prompt prompt) {
    long before = kernels.clock().calls();
    encoder.encode(prompt, List.of());
    return kernels.clock().calls() - before;
  }

  private static long[] tokens(Conditioning made) {
    return new long[] {made.positive().states().shape()[0], made.negative().states().shape()[0]};
  }

  private static Prompt prompt(String text, String negative, LongPrompt longPrompt) {
    return new Prompt(text, negative, null, null, 0, longPrompt);
  }

  private static ClipText clip(String family, String ending) {
    return ClipText.load(
        GoldenTensors.path(family + "/tokenizer" + ending),
        new ComponentFolder(GoldenTensors.path(family + "/text_encoder" + ending)),
        kernels,
        ComputeType.FP32);
  }
}
