package dev.fresco.engine.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.Adapter;
import dev.fresco.engine.AdapterUse;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelBatch;
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
            new FineTuneSettings.Size(64, 64),
            new FineTuneSettings.Course(STEPS, 4, 1, 1, 1, STEPS),
            AdamW.withRate(3e-3));
    List<Double> losses = new ArrayList<>();
    FineTuneOutcome outcome =
        LoraFineTuning.run(settings, step -> losses.add(step.loss()), () -> false);

    double first = losses.subList(0, 10).stream().mapToDouble(loss -> loss / 10).sum();
    double last = losses.subList(STEPS - 10, STEPS).stream().mapToDouble(loss -> loss / 10).sum();
    assertThat(last).isLessThan(0.6 * first);

    Picture wanted = PictureFolder.read(pictures, settings.size()).get(0).picture();
    try (LocalModel model = LocalModel.load(MODEL, new ModelSettings("cpu", "fp32", 150, 128));
        Adapter lora = model.loadAdapter(outcome.lora())) {
      double before = distance(paint(model, List.of()), wanted);
      double after = distance(paint(model, List.of(new AdapterUse(lora, 1))), wanted);
      assertThat(after).isLessThan(0.6 * before);
    }
  }

  private static Picture paint(LocalModel model, List<AdapterUse> adapters) {
    PictureSettings settings = new PictureSettings(64, 64, 12, 1, "ddim", 11);
    PictureRequest request =
        new PictureRequest(
            settings, model.encode(Prompt.of(CAPTION, "")), null, adapters, List.of());
    try (ModelBatch<String> batch = model.newBatch()) {
      batch.join("picture", request);
      while (batch.stepsDone("picture") < settings.steps()) {
        batch.step(List.of("picture"));
      }
      return model.decode(batch.latents("picture"));
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
