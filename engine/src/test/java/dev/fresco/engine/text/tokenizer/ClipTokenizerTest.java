package dev.fresco.engine.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.GoldenTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Ids that transformers' CLIPTokenizer gave, from both forms of a tokenizer folder. */
class ClipTokenizerTest {
  private static final long START = 609;
  private static final long END = 610;

  @TempDir Path folder;

  /** The second has a tokenizer.json that cuts and pads to 77; encode must not. */
  @ParameterizedTest
  @ValueSource(strings = {"tokenizer-clip", "sd15-tiny/tokenizer", "sd21-tiny/tokenizer"})
  void givesTheReferencesIds(String name) {
    JsonNode golden = GoldenTensors.json("tokenizer-clip/golden.json");
    assertThat(golden.size()).isEqualTo(22);
    try (ClipTokenizer tokenizer = ClipTokenizer.load(GoldenTensors.path(name), 77)) {
      golden
          .properties()
          .forEach(
              entry ->
                  assertThat(tokenizer.encode(entry.getKey()))
                      .as(entry.getKey())
                      .isEqualTo(
                          entry.getValue().valueStream().mapToLong(JsonNode::longValue).toArray()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sd15-tiny", "sd21-tiny"})
  void padsAsTheTextEncodersReferenceInputs(String name) {
    GoldenTensors golden = GoldenTensors.read(name + ".text.safetensors");
    List<String> prompts =
        golden.metadata("prompts").valueStream().map(JsonNode::stringValue).toList();
    long[] expected = golden.longs("input_ids"); // [prompts, 77]
    assertThat(expected).hasSize(prompts.size() * 77);
    try (ClipTokenizer tokenizer =
        ClipTokenizer.load(GoldenTensors.path(name + "/tokenizer"), 77)) {
      for (int i = 0; i < prompts.size(); i++) {
        PaddedTokens padded = tokenizer.encodePadded(prompts.get(i));
        assertThat(padded.ids()).isEqualTo(Arrays.copyOfRange(expected, i * 77, i * 77 + 77));
        assertThat(padded.truncated()).isFalse();
      }
    }
  }

  @Test
  void cutsALongTextAndKeepsItsEnd() {
    try (ClipTokenizer tokenizer = ClipTokenizer.load(GoldenTensors.path("tokenizer-clip"), 77)) {
      long[] whole = tokenizer.encode("a".repeat(120));
      PaddedTokens padded = tokenizer.encodePadded("a".repeat(120));

      assertThat(whole).hasSize(122);
      assertThat(padded.truncated()).isTrue();
      assertThat(padded.ids()).hasSize(77).startsWith(Arrays.copyOf(whole, 76)).endsWith(END);
    }
  }

  @Test
  void aTextThatJustFitsIsNotCut() {
    try (ClipTokenizer tokenizer = ClipTokenizer.load(GoldenTensors.path("tokenizer-clip"), 4)) {
      assertThat(tokenizer.encodePadded("a cat"))
          .satisfies(fits -> assertThat(fits.ids()).containsExactly(START, 320, 592, END))
          .satisfies(fits -> assertThat(fits.truncated()).isFalse());
      assertThat(tokenizer.encodePadded("a a cat"))
          .satisfies(cut -> assertThat(cut.ids()).containsExactly(START, 320, 320, END))
          .satisfies(cut -> assertThat(cut.truncated()).isTrue());
      assertThat(tokenizer.maxTokens()).isEqualTo(4);
      assertThat(tokenizer.endToken()).isEqualTo(END);
    }
  }

  /**
   * Stable Diffusion 2.1 pads with {@code !}, written as a token of its own, so that it is found
   * before words are split. The ids are those of transformers 5.23.
   */
  @Test
  void takesThePadTokenFromTheConfigAndFindsItInTexts() throws IOException {
    copy("vocab.json", "merges.txt", "tokenizer_config.json");
    Files.writeString(
        folder.resolve("special_tokens_map.json"),
        """
        {"bos_token": {"content": "<|startoftext|>", "normalized": true}, "pad_token": "!"}
        """);
    Map<String, List<Long>> expected =
        Map.of(
            "a!!b", List.of(START, 320L, 0L, 0L, 321L, END),
            "cat<|endoftext|>dog", List.of(START, 592L, END, 597L, END),
            "a_b-c", List.of(START, 320L, 318L, 321L, 268L, 322L, END),
            "\u2460\u2461\u00bd",
                List.of(START, 158L, 239L, 510L, 158L, 239L, 350L, 126L, 377L, END),
            "\u0000\u0001tab\t", List.of(START, 188L, 445L, 83L, 64L, 321L, END),
            "x\u00a0y\u3000z\u200bw",
                List.of(START, 343L, 344L, 345L, 158L, 222L, 489L, 342L, END));
    try (ClipTokenizer tokenizer = ClipTokenizer.load(folder, 5)) {
      expected.forEach(
          (text, ids) ->
              assertThat(tokenizer.encode(text))
                  .as(text)
                  .isEqualTo(ids.stream().mapToLong(Long::longValue).toArray()));
      assertThat(tokenizer.encodePadded("cat").ids()).containsExactly(START, 592, END, 0, 0);
    }
  }

  @Test
  void takesBrokenUnicode() {
    try (ClipTokenizer tokenizer = ClipTokenizer.load(GoldenTensors.path("tokenizer-clip"), 77)) {
      assertThat(tokenizer.encode("a \ud800 cat")).startsWith(START, 320).endsWith(592, END);
    }
  }

  @Test
  void manyThreadsMayEncode() {
    try (ClipTokenizer tokenizer = ClipTokenizer.load(GoldenTensors.path("tokenizer-clip"), 77)) {
      List<String> texts = IntStream.range(0, 500).mapToObj(i -> "a red cat " + i).toList();
      List<List<Long>> alone = texts.stream().map(text -> ids(tokenizer, text)).toList();

      assertThat(texts.parallelStream().map(text -> ids(tokenizer, text)).toList())
          .isEqualTo(alone);
    }
  }

  private static List<Long> ids(ClipTokenizer tokenizer, String text) {
    return Arrays.stream(tokenizer.encode(text)).boxed().toList();
  }

  private void copy(String... files) throws IOException {
    for (String file : files) {
      Files.copy(GoldenTensors.path("tokenizer-clip").resolve(file), folder.resolve(file));
    }
  }
}
