package dev.fresco.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The demo model paints what diffusers painted with it, alone and in a crowd. */
class EmojiPicturesTest {
  private static final Path MODEL = Path.of("../models/emoji");
  private static final Path PICTURES = Path.of("fixtures/emoji-pictures");
  private static final double LEAST_DECIBELS = 38;

  private static LocalModel model;

  @BeforeAll
  static void load() {
    model = LocalModel.load(MODEL, new ModelSettings("cpu", "fp32", 150, 1024));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private record Case(int index, PictureSettings settings, Conditioning conditioning) {}

  private static List<Case> cases() {
    JsonNode all = JsonMapper.shared().readTree(PICTURES.resolve("cases.json").toFile());
    List<Case> cases = new ArrayList<>();
    for (JsonNode one : all) {
      PictureSettings settings =
          new PictureSettings(
              one.get("width").intValue(),
              one.get("height").intValue(),
              one.get("steps").intValue(),
              one.get("guidanceScale").doubleValue(),
              one.get("sampler").stringValue(),
              one.get("seed").longValue());
      Conditioning conditioning =
          model.encode(
              Prompt.of(one.get("prompt").stringValue(), one.get("negativePrompt").stringValue()));
      cases.add(new Case(cases.size(), settings, conditioning));
    }
    return cases;
  }

  @Test
  void eachPictureAloneIsTheReferences() throws IOException {
    for (Case one : cases()) {
      assertThat(decibels(paint(List.of(one)).get(0), one.index()))
          .as("picture %d", one.index())
          .isGreaterThanOrEqualTo(LEAST_DECIBELS);
    }
  }

  @Test
  void allPicturesInOneBatchAreTheReferences() throws IOException {
    List<Case> cases = cases();
    List<Picture> pictures = paint(cases);
    for (Case one : cases) {
      assertThat(decibels(pictures.get(one.index()), one.index()))
          .as("picture %d", one.index())
          .isGreaterThanOrEqualTo(LEAST_DECIBELS);
    }
  }

  /** Steps everybody who has steps left, as the loop does. */
  private static List<Picture> paint(List<Case> cases) {
    List<Picture> pictures = new ArrayList<>();
    try (ModelBatch<Case> batch = model.newBatch()) {
      cases.forEach(one -> batch.join(one, PictureRequest.of(one.settings(), one.conditioning())));
      for (List<Case> left = cases; !left.isEmpty(); left = unfinished(batch, left)) {
        batch.step(left);
      }
      cases.forEach(one -> pictures.add(model.decode(batch.latents(one))));
    }
    return pictures;
  }

  private static List<Case> unfinished(ModelBatch<Case> batch, List<Case> cases) {
    return cases.stream().filter(one -> batch.stepsDone(one) < one.settings().steps()).toList();
  }

  /** Peak signal-to-noise ratio against the reference. */
  private static double decibels(Picture picture, int index) throws IOException {
    BufferedImage reference = ImageIO.read(PICTURES.resolve(index + ".png").toFile());
    assertThat(picture.width()).isEqualTo(reference.getWidth());
    assertThat(picture.height()).isEqualTo(reference.getHeight());
    double sum = 0;
    for (int i = 0; i < picture.rgb().length; i++) {
      int place = i / 3;
      int pixel = reference.getRGB(place % picture.width(), place / picture.width());
      int difference = (pixel >> (16 - 8 * (i % 3)) & 0xff) - (picture.rgb()[i] & 0xff);
      sum += difference * difference;
    }
    return 10 * Math.log10(255.0 * 255.0 / (sum / picture.rgb().length));
  }
}
