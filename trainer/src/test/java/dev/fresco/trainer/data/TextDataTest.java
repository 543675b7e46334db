package dev.fresco.trainer.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.training.LanguageModelShape;
import dev.fresco.engine.training.TokenExamples;
import dev.fresco.trainer.spec.DataSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextDataTest {
  private static final String TEXT = "abcdefghijklmnopqrstuvwxyz";
  private static final LanguageModelShape MODEL = new LanguageModelShape(123, 8, 8, 2, 16, 2);

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.write(folder.resolve("text"), text.getBytes(UTF_8));
  }

  private static TrainingData read(Path file, int rows, int places, long seed) {
    return TextData.read(new DataSpec.Text(file.toString(), rows, places), seed, MODEL);
  }

  private static TokenExamples examples(
      TrainingData data, long iteration, int replica, int number) {
    return (TokenExamples) data.microbatch(iteration, replica, number).examples();
  }

  private static int[] tokens(TrainingData data, long iteration, int replica, int number) {
    return examples(data, iteration, replica, number).tokens().tokens();
  }

  @Test
  void sequencesArePartsOfTheText() throws IOException {
    TrainingData data = read(file(TEXT), 2, 4, 1);
    Set<Integer> starts = new HashSet<>();
    for (int number = 0; number < 300; number++) {
      int[] tokens = tokens(data, 5, 0, number);
      int[] targets = examples(data, 5, 0, number).targets().tokens();
      for (int i = 0; i < tokens.length; i++) {
        assertThat(targets[i]).isEqualTo(tokens[i] + 1);
      }
      starts.add(tokens[0] - 'a');
    }
    assertThat(starts).hasSize(TEXT.length() - 4).contains(0, TEXT.length() - 5);
  }

  @Test
  void dependsOnWhereItStandsAndOnTheSeed() throws IOException {
    TrainingData data = read(file(TEXT.repeat(100)), 3, 8, 1);
    TrainingData again = read(file(TEXT.repeat(100)), 3, 8, 1);
    TrainingData other = read(file(TEXT.repeat(100)), 3, 8, 2);

    assertThat(tokens(again, 3, 1, 2)).isEqualTo(tokens(data, 3, 1, 2));
    Set<String> different = new HashSet<>();
    different.add(Arrays.toString(tokens(data, 3, 1, 2)));
    different.add(Arrays.toString(tokens(data, 2, 1, 3)));
    different.add(Arrays.toString(tokens(data, 3, 2, 1)));
    different.add(Arrays.toString(tokens(data, 1, 2, 3)));
    different.add(Arrays.toString(tokens(other, 3, 1, 2)));
    assertThat(different).hasSize(5);
  }

  @Test
  void saysWhatDoesNotFit() throws IOException {
    Path text = file(TEXT);
    assertThatThrownBy(() -> read(text, 1, 9, 1))
        .hasMessage("places is 9; the model has 8 positions");
    assertThatThrownBy(() -> read(folder.resolve("none"), 1, 4, 1))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("none: cannot be read");
    Path brief = file("abcd");
    assertThatThrownBy(() -> read(brief, 1, 4, 1))
        .hasMessageContaining("has 4 bytes; sequences of 4 places need 5");
    Path foreign = file("abc{def");
    assertThatThrownBy(() -> read(foreign, 1, 4, 1))
        .hasMessageContaining("byte 3 is 123; the model's vocabulary is 123");
  }
}
