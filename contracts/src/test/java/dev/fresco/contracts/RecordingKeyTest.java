package dev.fresco.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.template.RecordingKey;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordingKeyTest {
  /** Files on disk bear it: another would leave all of them without use. */
  @Test
  void theIdIsTheSameInEveryVersion() {
    assertThat(EditRecords.recordingKey().id()).isEqualTo("rec_f3e0b93400bf35085405754c4e7f4cea");
  }

  @ParameterizedTest
  @MethodSource("others")
  void whateverARecordingDependsOnChangesItsId(RecordingKey other) {
    assertThat(other.id())
        .isNotEqualTo(EditRecords.recordingKey().id())
        .matches("rec_[0-9a-f]{32}");
  }

  static Stream<RecordingKey> others() {
    String revision = "0123456789abcdef";
    String template = "ef".repeat(32);
    String lora = "ab".repeat(32);
    List<String> one = List.of(lora + "*0.8");
    return Stream.of(
        new RecordingKey("0123456789abcdee", template, 128, 160, "ddim", 20, true, one),
        new RecordingKey(revision, "ee".repeat(32), 128, 160, "ddim", 20, true, one),
        new RecordingKey(revision, template, 160, 128, "ddim", 20, true, one),
        new RecordingKey(revision, template, 128, 128, "ddim", 20, true, one),
        new RecordingKey(revision, template, 128, 160, "euler", 20, true, one),
        new RecordingKey(revision, template, 128, 160, "ddim", 21, true, one),
        new RecordingKey(revision, template, 128, 160, "ddim", 20, false, one),
        new RecordingKey(revision, template, 128, 160, "ddim", 20, true, List.of()),
        new RecordingKey(revision, template, 128, 160, "ddim", 20, true, List.of(lora + "*0.7")),
        new RecordingKey(
            revision, template, 128, 160, "ddim", 20, true, List.of(lora + "*0.8", lora + "*0.8")));
  }
}
