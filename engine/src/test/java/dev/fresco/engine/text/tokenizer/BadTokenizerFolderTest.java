package dev.fresco.engine.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.GoldenTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a folder is said when it is loaded, with the file's name. */
class BadTokenizerFolderTest {
  @TempDir Path folder;

  @BeforeEach
  void startFromAGoodFolder() throws IOException {
    for (String file : new String[] {"vocab.json", "merges.txt", "tokenizer_config.json"}) {
      Files.copy(GoldenTensors.path("tokenizer-clip").resolve(file), folder.resolve(file));
    }
  }

  @ParameterizedTest
  @CsvSource({"vocab.json", "merges.txt"})
  void aMissingFile(String file) throws IOException {
    Files.delete(folder.resolve(file));
    refusedWith(file, "is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "vocab.json;{\"a\": 1;is not JSON",
        "vocab.json;[1, 2];is not a JSON object",
        "vocab.json;{\"a\": \"b\"};the id of a is \"b\"",
        "vocab.json;{\"a\": -1};the id of a is -1",
        "vocab.json;{\"a\": 1};lacks <|startoftext|>",
        "merges.txt;o n</w> x;line 1: not two tokens: o n</w> x",
        "merges.txt;cat dog</w>;line 1",
        "tokenizer_config.json;nope;is not JSON",
        "tokenizer_config.json;{\"bos_token\": \"<s>\"};lacks <s>",
        "tokenizer.json;{;is not JSON",
        "tokenizer.json;{\"model\": {}};lacks bos_token <|startoftext|>"
      })
  void aBrokenFile(String file, String content, String reason) throws IOException {
    Files.writeString(folder.resolve(file), content);
    refusedWith(folder.toString(), reason);
  }

  @Test
  void aVocabularyWithoutATokenThatMergesNeed() throws IOException {
    Path vocab = folder.resolve("vocab.json");
    Files.writeString(vocab, Files.readString(vocab).replace("\"on</w>\"", "\"gone</w>\""));
    refusedWith("vocab.json", "lacks on</w>, needed by merges.txt, line 2");
  }

  @Test
  void aTokenizerJsonThatTheLibraryRefuses() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"model": {"type": "BPE", "merges": [["a", "b"]],
          "vocab": {"<|startoftext|>": 0, "<|endoftext|>": 1}}}
        """);
    refusedWith("tokenizer.json", "out of vocabulary");
  }

  @Test
  void aFileThatIsNoText() throws IOException {
    Files.write(folder.resolve("merges.txt"), new byte[] {(byte) 0xff, (byte) 0xfe});
    refusedWith("merges.txt", "is not UTF-8 text");
  }

  @Test
  void tooFewTokens() {
    assertThatThrownBy(() -> ClipTokenizer.load(folder, 2))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("texts of 2 tokens");
  }

  private void refusedWith(String file, String reason) {
    assertThatThrownBy(() -> ClipTokenizer.load(folder, 77))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(file)
        .hasMessageContaining(reason);
  }
}
