package dev.fresco.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Edits through every service with the demo model, without a recording and with one. */
final class EditsInTheHouse {
  private static final int SIDE = 128;
  private static final int FROM = 48;
  private static final int UNTIL = 80;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final FrescoProcess fresco;
  private final Path data;

  /**
   * @param data its folder
   */
  EditsInTheHouse(FrescoProcess fresco, Path data) {
    this.fresco = fresco;
    this.data = data;
  }

  /**
   * The second edit of a template uses what the first one recorded.
   *
   * @return ids of both jobs
   */
  List<String> run() throws Exception {
    BufferedImage template = template();
    Path file = data.resolve("template.png");
    ImageIO.write(template, "png", file.toFile());
    String id = id(fresco.upload("/v1/templates", Map.of("image", file)));
    JsonNode first = edited(id, "a red heart");
    assertThat(first.at("/execution/mode").asString()).isEqualTo("dense");
    assertThat(first.at("/execution/recordingHit").asBoolean()).isFalse();
    String recording = first.at("/execution/recording").asString();
    awaitStored(recording);
    JsonNode second = edited(id, "a blue heart");
    assertThat(second.at("/execution/mode").asString()).as("%s", second).isEqualTo("masked");
    assertThat(second.at("/execution/recordingHit").asBoolean()).isTrue();
    assertThat(second.at("/execution/recording").asString()).isEqualTo(recording);
    assertOnlyTheSquareChanged(template, pixels(first));
    assertOnlyTheSquareChanged(template, pixels(second));
    return List.of(first.get("id").asString(), second.get("id").asString());
  }

  private static BufferedImage template() {
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = picture.createGraphics();
    canvas.setPaint(new GradientPaint(0, 0, Color.ORANGE, SIDE, SIDE, Color.CYAN));
    canvas.fillRect(0, 0, SIDE, SIDE);
    canvas.setColor(Color.DARK_GRAY);
    canvas.fillOval(20, 24, 70, 80);
    canvas.dispose();
    return picture;
  }

  private static String mask() throws IOException {
    BufferedImage mask = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D canvas = mask.createGraphics();
    canvas.setColor(Color.WHITE);
    canvas.fillRect(FROM, FROM, UNTIL - FROM, UNTIL - FROM);
    canvas.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(mask, "png", png);
    return Base64.getEncoder().encodeToString(png.toByteArray());
  }

  private JsonNode edited(String template, String prompt) throws Exception {
    String body =
        """
        {"kind": "edit", "prompt": "%s", "steps": 8, "seed": 7, "template": {"id": "%s"},
         "mask": {"base64": "%s", "edits": "white"}}
        """
            .formatted(prompt, template, mask());
    String job = id(fresco.post("/v1/jobs", body));
    JsonNode view = fresco.get("/v1/jobs/" + job + "?wait=60");
    for (int tries = 0; view.get("endedAt") == null && tries < 2; tries++) {
      view = fresco.get("/v1/jobs/" + job + "?wait=60");
    }
    assertThat(view.get("state").asString()).as("%s", view).isEqualTo("SUCCEEDED");
    return view;
  }

  private static String id(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isIn(201, 202);
    return JsonMapper.shared().readTree(answer.body()).get("id").asString();
  }

  /** The recording is made beside the edit and ends after it; then cache-service gets it. */
  private void awaitStored(String recording) throws InterruptedException {
    Path file = data.resolve("recordings").resolve("cache").resolve(recording + ".frec");
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(file)) {
      assertThat(System.nanoTime()).as("%s comes", file).isLessThan(end);
      Thread.sleep(100);
    }
  }

  private BufferedImage pixels(JsonNode view) throws Exception {
    byte[] png = fresco.bytes(view.at("/images/0/url").asString());
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static void assertOnlyTheSquareChanged(BufferedImage template, BufferedImage edited) {
    int changed = 0;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        boolean masked = x >= FROM && x < UNTIL && y >= FROM && y < UNTIL;
        if (template.getRGB(x, y) != edited.getRGB(x, y)) {
          assertThat(masked).as("pixel %d, %d", x, y).isTrue();
          changed++;
        }
      }
    }
    assertThat(changed).as("changed pixels of the square").isGreaterThan(500);
  }
}
