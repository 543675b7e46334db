package dev.fresco.engine.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.Picture;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import dev.fresco.engine.training.AdamW;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo model learns pictures that it has never seen. */
class EmojiFineTuningTest {
  private static final Path MODEL = Path.of("../models/emoji");
  private static final String CAPTION = "a cat on a blue background";
  private static final int STEPS = 40;

  @TempDir Path pictures;
  @TempDir Path folder;

  @Test
  void learnsADiscInThePlaceOfACat() throws IOException {
    new TrainingPictures(pictures)
        .disc("disc", 64, new Color(255, 210, 0), new Color(90, 0, 120), CAPTION);
    FineTuneSettings settings =
        new FineTuneSettings(
            new FineTuneSettings.Places(MODEL, pictures, folder, "cpu"),
            new FineTuneSettings.Lora(8, 8),
            new FineTuneSettings.Size(128, 128),
            new FineTuneSettings.Course(STEPS, 4, 1, 1, 1, STEPS),
            AdamW.withRate(3e-3));
    List<Double> losses = new ArrayList<>();
    FineTuneOutcome outcome =
        LoraFineTuning.run(settings, step -> losses.add(step.loss()), () -> false);

    double first = losses.subList(0, 10).stream().mapToDouble(loss -> loss / 10).sum();
    double last = losses.subList(STEPS - 10, STEPS).stream().mapToDouble(loss -> loss / 10).sum();
    assertThat(last).isLessThan(0.6 * first);

    Picture wanted = PictureFolder.open(pictures).read(0, settings.size()).picture();
    try (LocalModel model = LocalModel.load(MODEL, new ModelSettings("cpu", "fp32", 150, 128))) {
      Path lora = outcome.lora();
      double before = distance(LoraSample.paint(model, lora, 0, CAPTION, 11), wanted);
      double after = distance(LoraSample.paint(model, lora, 1, CAPTION, 11), wanted);
      assertThat(after).isLessThan(0.6 * before);
    }
  }

  /** Root of the mean squared difference of all bytes. */
  private static double distance(Picture one, Picture other) {
    double sum = 0;
    for (int i = 0; i < one.rgb().length; i++) {
      double difference = (one.rgb()[i] & 0xff) - (other.rgb()[i] & 0xff);
      sum += difference * difference;
    }
    return Math.sqrt(sum / one.rgb().length);
  }
}
