package dev.fresco.engine.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.NotFiniteException;
import dev.fresco.engine.adapter.LoraListing;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import dev.fresco.engine.checkpoint.Checkpoint;
import dev.fresco.engine.checkpoint.CheckpointRevision;
import dev.fresco.engine.checkpoint.SafetensorsFile;
import dev.fresco.engine.training.AdamW;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoraFineTuningTest {
  private static final Path SD21 = Path.of("fixtures/sd21-tiny");
  private static final AdamW OPTIMISER = AdamW.withRate(1e-3);

  @TempDir Path pictures;
  @TempDir Path whole;
  @TempDir Path pieces;

  @BeforeEach
  void draw() throws IOException {
    new TrainingPictures(pictures)
        .disc("one", 16, Color.RED, Color.BLUE, "a red apple")
        .disc("two", 20, Color.WHITE, Color.BLACK, "a big house")
        .disc("three", 16, Color.GREEN, Color.BLACK, "a cat");
  }

  private FineTuneSettings settings(Path folder, int steps) {
    return TrainingPictures.tiny(SD21, pictures, folder, steps, OPTIMISER);
  }

  @Test
  void goesOnBitForBit() throws IOException {
    List<Double> losses = new ArrayList<>();
    FineTuneOutcome all =
        LoraFineTuning.run(settings(whole, 8), step -> losses.add(step.loss()), () -> false);
    assertThat(all).isEqualTo(new FineTuneOutcome(8, true, whole.resolve("lora.safetensors")));

    // Stopped in the middle of step 3, before its second portion; asked for 3 pictures before.
    List<Double> again = new ArrayList<>();
    AtomicInteger asked = new AtomicInteger();
    FineTuneOutcome stopped =
        LoraFineTuning.run(
            settings(pieces, 8),
            step -> again.add(step.loss()),
            () -> asked.incrementAndGet() > 3 + 5);
    assertThat(stopped.steps()).isEqualTo(2);
    assertThat(stopped.finished()).isFalse();
    // A process that dies goes on from its last checkpoint, of step 3, and takes step 4 again.
    assertThatThrownBy(
            () ->
                LoraFineTuning.run(
                    settings(pieces, 8),
                    step -> {
                      again.add(step.loss());
                      if (step.number() == 4) {
                        throw new IllegalStateException("died");
                      }
                    },
                    () -> false))
        .hasMessage("died");
    again.remove(3);
    LoraFineTuning.run(settings(pieces, 8), step -> again.add(step.loss()), () -> false);

    assertThat(again).isEqualTo(losses);
    assertThat(pieces.resolve("lora.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("lora.safetensors"));
    try (Stream<Path> files = Files.list(pieces)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void stopsBeforeThePicturesAreEncoded() {
    LoraFineTuning.run(settings(whole, 3), step -> {}, () -> false);
    AtomicInteger asked = new AtomicInteger();
    FineTuneOutcome stopped =
        LoraFineTuning.run(
            settings(whole, 8),
            step -> {
              throw new AssertionError(step);
            },
            () -> asked.incrementAndGet() == 2);
    assertThat(stopped).isEqualTo(new FineTuneOutcome(3, false, whole.resolve("lora.safetensors")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sd15-tiny", "sd21-tiny", "sdxl-tiny"})
  void theResultIsALoraThatTheModelTakes(String name) {
    Path model = Path.of("fixtures", name);
    String before = CheckpointRevision.of(Checkpoint.open(model));
    FineTuneOutcome outcome =
        LoraFineTuning.run(
            TrainingPictures.tiny(model, pictures, whole, 1, OPTIMISER), step -> {}, () -> false);

    try (SafetensorsFile file = SafetensorsFile.open(outcome.lora());
        LocalModel loaded = LocalModel.load(model, new ModelSettings("cpu", "fp32", 10, 64))) {
      LoraListing listing =
          LoraListing.of(file.tensors(), file.metadata(), outcome.lora().toString());
      assertThat(listing.spelling()).hasToString("PEFT");
      assertThat(listing.layers())
          .allSatisfy(layer -> assertThat(layer.name()).matches(".*attn[12]\\.to_.*"))
          .allSatisfy(layer -> assertThat(layer.rank()).isEqualTo(3))
          .hasSizeGreaterThanOrEqualTo(8);
      loaded.loadAdapter(outcome.lora()).close();
    }
    assertThat(CheckpointRevision.of(Checkpoint.open(model))).isEqualTo(before);
  }

  @Test
  void stopsWhereNumbersAreNoLongerFiniteAndKeepsTheLastCheckpoint() {
    List<Long> steps = new ArrayList<>();

    assertThatThrownBy(
            () ->
                LoraFineTuning.run(
                    wild(AdamW.withRate(1e25)), step -> steps.add(step.number()), () -> false))
        .isInstanceOf(NotFiniteException.class)
        .hasMessageMatching("step \\d: the loss is (NaN|Infinity) and the gradient's norm .*");
    assertThat(steps).isNotEmpty().hasSizeLessThan(9);
    try (SafetensorsFile file = SafetensorsFile.open(whole.resolve("checkpoint.safetensors"))) {
      assertThat(file.metadata()).containsEntry("steps", Integer.toString(steps.size()));
    }
  }

  @Test
  void savesNoNumbersThatAreNotFinite() {
    // Decay multiplies the down halves by -3.3e38; fp32 ends at 3.4e38.
    AdamW decaying = new AdamW(1e25, 0.9, 0.999, 1e-8, 3.3e13);
    assertThatThrownBy(() -> LoraFineTuning.run(wild(decaying), step -> {}, () -> false))
        .isInstanceOf(NotFiniteException.class)
        .hasMessage("step 1: the LoRA is no longer finite");
    assertThat(whole).isEmptyDirectory();
  }

  private FineTuneSettings wild(AdamW optimiser) {
    return new FineTuneSettings(
        settings(whole, 9).places(),
        new FineTuneSettings.Lora(3, 6),
        new FineTuneSettings.Size(16, 16),
        new FineTuneSettings.Course(9, 2, 1, 1, 7, 1),
        optimiser);
  }

  @Test
  void refusesCheckpointsOfOtherTrainings() throws IOException {
    LoraFineTuning.run(settings(whole, 1), step -> {}, () -> false);
    FineTuneSettings other = TrainingPictures.tiny(SD21, pictures, whole, 2, AdamW.withRate(1e-4));

    assertRefused(other, "its settings is");
    assertRefused(
        TrainingPictures.tiny(Path.of("fixtures/sd15-tiny"), pictures, whole, 2, OPTIMISER),
        "its model is");
    Files.writeString(pictures.resolve("one.txt"), "another caption");
    assertRefused(settings(whole, 2), "its pictures is");
    Files.write(whole.resolve("checkpoint.safetensors"), new byte[20]);
    assertRefused(settings(whole, 2), "checkpoint.safetensors");
  }

  @Test
  void saysWhatDoesNotFit() {
    assertRefused(
        TrainingPictures.tiny(Path.of("fixtures/flux-dev-tiny"), pictures, whole, 2, OPTIMISER),
        "only models with a UNet");
    assertRefused(settings(whole.resolve("none"), 2), "none: is no folder");
    FineTuneSettings fine = settings(whole, 2);
    assertRefused(
        new FineTuneSettings(
            fine.places(),
            fine.lora(),
            new FineTuneSettings.Size(18, 16),
            fine.course(),
            OPTIMISER),
        "multiples of 4");
    assertThatThrownBy(() -> new FineTuneSettings.Lora(0, 1)).hasMessageContaining("rank is 0");
    assertThatThrownBy(() -> new FineTuneSettings.Lora(1, -1)).hasMessageContaining("alpha is -1");
    assertThatThrownBy(() -> new FineTuneSettings.Size(8, 5000)).hasMessageContaining("height");
    assertThatThrownBy(() -> new FineTuneSettings.Course(1, 65, 1, 1, 1, 1))
        .hasMessageContaining("rows is 65; it must be 1 to 64");
  }

  private static void assertRefused(FineTuneSettings settings, String words) {
    assertThatThrownBy(() -> LoraFineTuning.run(settings, step -> {}, () -> false))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining(words);
  }
}
