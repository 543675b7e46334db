package dev.fresco.engine.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.GoldenTensors;
import dev.fresco.engine.Prompt.LongPrompt;
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
  private static final int START = 609;
  private static final int END = 610;

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
                  assertThat(whole(tokenizer, entry.getKey()))
                      .as(entry.getKey())
                      .isEqualTo(
                          entry.getValue().valueStream().mapToInt(JsonNode::intValue).toArray()));
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
        FramedText framed = tokenizer.encode(prompts.get(i), LongPrompt.CUT);
        assertThat(Arrays.stream(framed.chunks().get(0)).asLongStream().toArray())
            .isEqualTo(Arrays.copyOfRange(expected, i * 77, i * 77 + 77));
        assertThat(framed.truncated()).isFalse();
      }
    }
  }

  @Test
  void cutsALongTextAndKeepsItsEnd() {
    try (ClipTokenizer tokenizer = ClipTokenizer.load(GoldenTensors.path("tokenizer-clip"), 77)) {
      int[] whole = whole(tokenizer, "a".repeat(120));
      FramedText cut = tokenizer.encode("a".repeat(120), LongPrompt.CUT);

      assertThat(whole).hasSize(122);
      assertThat(cut.truncated()).isTrue();
      assertThat(cut.chunks()).hasSize(1);
      assertThat(cut.chunks().get(0))
          .hasSize(77)
          .startsWith(Arrays.copyOf(whole, 76))
          .endsWith(END);
    }
  }

  @Test
  void aTextThatJustFitsIsNotCut() {
    try (ClipTokenizer tokenizer = ClipTokenizer.load(GoldenTensors.path("tokenizer-clip"), 4)) {
      FramedText fits = tokenizer.encode("a cat", LongPrompt.CUT);
      assertThat(fits.chunks()).containsExactly(new int[] {START, 320, 592, END});
      assertThat(fits.truncated()).isFalse();
      FramedText cut = tokenizer.encode("a a cat", LongPrompt.CUT);
      assertThat(cut.chunks()).containsExactly(new int[] {START, 320, 320, END});
      assertThat(cut.truncated()).isTrue();
      assertThat(tokenizer.frame()).isEqualTo(new TokenFrame(4, START, END, END));
    }
  }

  @Test
  void aLongTextMayBecomeChunks() {
    try (ClipTokenizer tokenizer = ClipTokenizer.load(GoldenTensors.path("tokenizer-clip"), 4)) {
      FramedText chunked = tokenizer.encode("a a cat", LongPrompt.CHUNK);
      assertThat(chunked.chunks())
          .containsExactly(new int[] {START, 320, 320, END}, new int[] {START, 592, END, END});
      assertThat(chunked.truncated()).isFalse();
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
    Map<String, List<Integer>> expected =
        Map.of(
            "a!!b", List.of(START, 320, 0, 0, 321, END),
            "cat<|endoftext|>dog", List.of(START, 592, END, 597, END),
            "a_b-c", List.of(START, 320, 318, 321, 268, 322, END),
            "\u2460\u2461\u00bd", List.of(START, 158, 239, 510, 158, 239, 350, 126, 377, END),
            "\u0000\u0001tab\t", List.of(START, 188, 445, 83, 64, 321, END),
            "x\u00a0y\u3000z\u200bw", List.of(START, 343, 344, 345, 158, 222, 489, 342, END));
    try (ClipTokenizer tokenizer = ClipTokenizer.load(folder, 5)) {
      expected.forEach((text, ids) -> assertThat(ids(tokenizer, text)).as(text).isEqualTo(ids));
      assertThat(tokenizer.encode("cat", LongPrompt.CUT).chunks())
          .containsExactly(new int[] {START, 592, END, 0, 0});
    }
  }

  @Test
  void takesBrokenUnicode() {
    try (ClipTokenizer tokenizer = ClipTokenizer.load(GoldenTensors.path("tokenizer-clip"), 77)) {
      assertThat(whole(tokenizer, "a \ud800 cat")).startsWith(START, 320).endsWith(592, END);
    }
  }

  @Test
  void manyThreadsMayEncode() {
    try (ClipTokenizer tokenizer = ClipTokenizer.load(GoldenTensors.path("tokenizer-clip"), 77)) {
      List<String> texts = IntStream.range(0, 500).mapToObj(i -> "a red cat " + i).toList();
      List<List<Integer>> alone = texts.stream().map(text -> ids(tokenizer, text)).toList();

      assertThat(texts.parallelStream().map(text -> ids(tokenizer, text)).toList())
          .isEqualTo(alone);
    }
  }

  private static List<Integer> ids(ClipTokenizer tokenizer, String text) {
    return Arrays.stream(whole(tokenizer, text)).boxed().toList();
  }

  /** With start and end, neither cut nor padded. */
  private static int[] whole(ClipTokenizer tokenizer, String text) {
    int[] words = tokenizer.words(text);
    int[] ids = new int[words.length + 2];
    ids[0] = tokenizer.frame().start();
    System.arraycopy(words, 0, ids, 1, words.length);
    ids[ids.length - 1] = tokenizer.frame().end();
    return ids;
  }

  private void copy(String... files) throws IOException {
    for (String file : files) {
      Files.copy(GoldenTensors.path("tokenizer-clip").resolve(file), folder.resolve(file));
    }
  }
}
