package dev.fresco.engine.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.GoldenTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class T5TokenizerTest {
  private static final Path FOLDER = GoldenTensors.path("flux-schnell-tiny/tokenizer_2");
  private static final int END = 1;

  @TempDir Path folder;

  @Test
  void cutsAndPadsAsTheReference() {
    GoldenTensors golden = GoldenTensors.read("t5-plain.t5.safetensors");
    JsonNode prompts = golden.metadata("prompts");
    long[] expected = golden.longs("input_ids"); // [prompts, 300]
    try (T5Tokenizer tokenizer =
        T5Tokenizer.load(GoldenTensors.path("t5-plain/tokenizer_2"), 512)) {
      assertThat(tokenizer.length()).isEqualTo(300);
      for (int i = 0; i < prompts.size(); i++) {
        PaddedTokens padded = tokenizer.encodePadded(prompts.get(i).stringValue());
        assertThat(Arrays.stream(padded.ids()).asLongStream().toArray())
            .isEqualTo(Arrays.copyOfRange(expected, i * 300, i * 300 + 300));
        assertThat(padded.truncated()).isEqualTo(i >= 4);
      }
    }
  }

  @Test
  void theLimitIsTheLesserOfTheFamilysAndTheFolders() {
    try (T5Tokenizer tokenizer = T5Tokenizer.load(FOLDER, 512)) {
      assertThat(tokenizer.encodePadded("a cat").ids()).hasSize(64);
    }
    try (T5Tokenizer tokenizer = T5Tokenizer.load(FOLDER, 5)) {
      int[] whole = tokenizer.encode("a cat on a hill");
      PaddedTokens cut = tokenizer.encodePadded("a cat on a hill");
      assertThat(whole.length).isGreaterThan(5);
      assertThat(cut.ids()).hasSize(5).startsWith(Arrays.copyOf(whole, 4)).endsWith(END);
      assertThat(cut.truncated()).isTrue();
    }
  }

  @Test
  void aFolderMayKnowNoLimitOrHaveNoConfiguration() throws IOException {
    Files.copy(FOLDER.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    for (String config :
        new String[] {null, "{\"model_max_length\": 1000000000000000019884624838656}"}) {
      if (config != null) {
        Files.writeString(folder.resolve("tokenizer_config.json"), config);
      }
      try (T5Tokenizer tokenizer = T5Tokenizer.load(folder, 9)) {
        int[] whole = tokenizer.encode("");
        assertThat(whole).containsExactly(END);
        assertThat(tokenizer.encodePadded("").ids()).containsExactly(END, 0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(tokenizer.encodePadded("").truncated()).isFalse();
      }
    }
  }

  @Test
  void saysWhatIsWrongWithAFolder() throws IOException {
    assertThatThrownBy(() -> T5Tokenizer.load(folder, 9))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("tokenizer.json is missing");
    Files.copy(FOLDER.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
    assertThatThrownBy(() -> T5Tokenizer.load(folder, 1))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("texts of 1 tokens");
    Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"<end>\"}");
    assertThatThrownBy(() -> T5Tokenizer.load(folder, 9))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("lacks eos_token <end>");
  }
}
