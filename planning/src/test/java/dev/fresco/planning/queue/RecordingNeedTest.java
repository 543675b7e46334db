package dev.fresco.planning.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.job.EditMask;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.contracts.job.Priority;
import dev.fresco.contracts.job.StartImage;
import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.contracts.worker.ModelAbilities;
import dev.fresco.contracts.worker.ModelAbilities.Guidance;
import dev.fresco.contracts.worker.ModelCard;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingNeedTest {
  private static final String TEMPLATE = "ab".repeat(32);
  private static final String ADAPTER = "cd".repeat(32);

  private static JobRequest edit(double guidanceScale) {
    JobImage template =
        new JobImage(new StoredObject("t", TEMPLATE, 100), "image/png", 128, 64, "tmpl");
    JobImage mask = new JobImage(new StoredObject("m", "0", 10), "image/png", 128, 64, null);
    return new JobRequest(
        JobKind.EDIT,
        "m",
        "a hat",
        "",
        128,
        64,
        20,
        guidanceScale,
        "ddim",
        1,
        1,
        Priority.NORMAL,
        null,
        Map.of(),
        null,
        new StartImage(template, .5),
        new EditMask(mask, .25),
        List.of(new LoraUse("lora", .8, new StoredObject("l", ADAPTER, 10))),
        null);
  }

  private static ModelCard card(Guidance guidance) {
    ModelAbilities abilities =
        new ModelAbilities(List.of(JobKind.EDIT), guidance, false, false, 0, false, false);
    return new ModelCard(
        "m",
        "test",
        "r1",
        8,
        8,
        512,
        64,
        64,
        77,
        List.of("ddim"),
        "ddim",
        20,
        150,
        5,
        30,
        abilities);
  }

  @ParameterizedTest
  @CsvSource({"CLASSIFIER_FREE, 5, true", "CLASSIFIER_FREE, 1, false", "EMBEDDED, 5, false"})
  void theModelSaysWhetherThereAreRowsForANegativePrompt(
      Guidance guidance, double scale, boolean guided) {
    assertThat(RecordingNeed.of(edit(scale)).with(card(guidance)))
        .isEqualTo(
            new RecordingKey(
                "r1", TEMPLATE, 128, 64, "ddim", 20, guided, List.of(ADAPTER + "*0.8")));
  }

  @Test
  void anEditNeedsItsRecordingAndItsAdapters() {
    JobNeeds needs = JobNeeds.of(edit(5));
    assertThat(needs.ratio()).isEqualTo(.25);
    assertThat(needs.recording()).isEqualTo(RecordingNeed.of(edit(5)));
    assertThat(needs.adapters()).isEqualTo(Set.of(ADAPTER));
  }
}
