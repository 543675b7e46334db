package dev.fresco.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.worker.ModelAbilities;
import dev.fresco.contracts.worker.ModelAbilities.Guidance;
import dev.fresco.contracts.worker.ModelCard;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GuidedRowsTest {
  private static ModelCard card(Guidance guidance) {
    ModelAbilities abilities =
        new ModelAbilities(List.of(JobKind.TEXT_TO_IMAGE), guidance, false, false, 0, false, false);
    return new ModelCard(
        "model",
        "family",
        "r1",
        8,
        8,
        512,
        64,
        64,
        77,
        List.of("euler"),
        "euler",
        10,
        150,
        3.5,
        30.0,
        abilities);
  }

  @Test
  void classifierFreeGuidanceRunsTheNetworkTwice() {
    assertThat(GuidedRows.of(card(Guidance.CLASSIFIER_FREE), 3.5)).isEqualTo(2);
    assertThat(GuidedRows.of(card(Guidance.CLASSIFIER_FREE), 1)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"EMBEDDED", "NONE"})
  void noOtherGuidanceDoes(Guidance guidance) {
    assertThat(GuidedRows.of(card(guidance), 3.5)).isEqualTo(1);
  }
}
