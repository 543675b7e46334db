package dev.fresco.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A LoRA of the demo model, from captioned pictures to a picture that is painted with it. */
final class TrainingInTheHouse {
  private static final int SIDE = 64;
  private static final int ITERATIONS = 30;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private TrainingInTheHouse() {}

  /** Starts the training; returns its id. It has a checkpoint when this returns. */
  static String begin(FrescoProcess fresco) throws Exception {
    String data = id(fresco.post("/v1/training-data", "application/zip", pictures()));
    String job =
        id(
            fresco.post(
                "/v1/training-jobs",
                """
                {"kind": "lora", "model": "emoji", "iterations": %d, "publish": {"adapter": "dice"},
                 "setup": {"data": "%s", "rows": 2, "checkpointEvery": 2,
                   "optimizer": {"learningRate": 0.002},
                   "lora": {"rank": 4, "width": %d, "height": %d}}}
                """
                    .formatted(ITERATIONS, data, SIDE, SIDE)));
    await(fresco, job, "/checkpoint");
    return job;
  }

  /**
   * Waits until the training has gone on to its end, and paints with what was learnt.
   *
   * @return the id of the picture's job
   */
  static String paint(FrescoProcess fresco, String job) throws Exception {
    JsonNode done = await(fresco, job, "/endedAt");
    assertThat(done.get("state").asString()).as(done.toString()).isEqualTo("SUCCEEDED");
    assertThat(done.at("/progress/iterationsDone").asInt()).isEqualTo(ITERATIONS);
    String adapter = done.get("adapterId").asString();
    String picture =
        id(
            fresco.post(
                "/v1/jobs",
                """
                {"kind": "text-to-image", "prompt": "a red die", "steps": 4, "seed": 1,
                 "loras": [{"id": "%s", "scale": 1}]}
                """
                    .formatted(adapter)));
    JsonNode view = fresco.get("/v1/jobs/" + picture + "?wait=60");
    assertThat(view.get("state").asString()).as(view.toString()).isEqualTo("SUCCEEDED");
    assertThat(view.at("/request/loras/0/id").asString()).isEqualTo(adapter);
    return picture;
  }

  private static byte[] pictures() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(zip, "red", Color.RED);
      add(zip, "blue", Color.BLUE);
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, Color colour) throws IOException {
    BufferedImage die = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = die.createGraphics();
    canvas.setColor(colour);
    canvas.fillRect(8, 8, SIDE - 16, SIDE - 16);
    canvas.dispose();
    zip.putNextEntry(new ZipEntry(name + ".png"));
    ImageIO.write(die, "png", zip);
    zip.putNextEntry(new ZipEntry(name + ".txt"));
    zip.write(("a " + name + " die").getBytes(StandardCharsets.UTF_8));
  }

  private static JsonNode await(FrescoProcess fresco, String job, String field) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    JsonNode view = fresco.get("/v1/training-jobs/" + job);
    while (view.at(field).isMissingNode()) {
      assertThat(System.nanoTime()).as("%s of %s", field, view).isLessThan(end);
      Thread.sleep(50);
      view = fresco.get("/v1/training-jobs/" + job);
    }
    return view;
  }

  private static String id(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isIn(201, 202);
    return JsonMapper.shared().readTree(answer.body()).get("id").asString();
  }
}
