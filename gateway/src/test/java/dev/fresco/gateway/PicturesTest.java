package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobEvent;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Fetching what was painted. */
class PicturesTest extends GatewayTest {

  /** A picture with a green and a transparent half. */
  private static byte[] png() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 8; x++) {
        image.setRGB(x, y, 0xFF00A000);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  private String paintedJob() throws IOException {
    String id = caller.acceptedJob();
    objects.put("results/" + id + "/0.png", png());
    backstage.succeeded(id, "ab12");
    awaitState(id, "SUCCEEDED");
    return id;
  }

  @Test
  void thePngIsHandedOutAsStored() throws IOException {
    String id = paintedJob();
    Caller.Answer answer = caller.get("/v1/jobs/" + id + "/images/0");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.bytes()).isEqualTo(png());
    assertThat(answer.header("Content-Type")).isEqualTo("image/png");
    assertThat(answer.header("ETag")).isEqualTo("\"ab12\"");
    assertThat(answer.header("Content-Disposition"))
        .isEqualTo("inline; filename=\"" + id + "-0.png\"");
    Caller.Answer again =
        caller.send(caller.to("/v1/jobs/" + id + "/images/0").header("If-None-Match", "\"ab12\""));
    assertThat(again.status()).isEqualTo(304);
  }

  @Test
  void aJpegIsMadeOnWhite() throws IOException {
    String id = paintedJob();
    Caller.Answer answer = caller.get("/v1/jobs/" + id + "/images/0?format=jpeg");
    assertThat(answer.header("Content-Type")).isEqualTo("image/jpeg");
    assertThat(answer.header("ETag")).isEqualTo("\"ab12-jpeg\"");
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(answer.bytes()));
    assertThat(image.getRGB(14, 8) & 0xFF).isGreaterThan(240);
    assertThat((image.getRGB(2, 8) >> 8) & 0xFF).isBetween(140, 180);
    assertThat(image.getRGB(2, 8) & 0xFF).isLessThan(30);
  }

  @Test
  void whatCannotBeHandedOutSaysWhy() throws IOException {
    String running = caller.acceptedJob();
    Caller.Answer early = caller.get("/v1/jobs/" + running + "/images/0");
    assertThat(early.status()).isEqualTo(409);
    assertThat(early.text("/detail")).contains("QUEUED");

    String painted = paintedJob();
    Caller.Answer second = caller.get("/v1/jobs/" + painted + "/images/1");
    assertThat(second.status()).isEqualTo(404);
    assertThat(second.text("/detail")).contains("has 1, numbered from 0");
    Caller.Answer webp = caller.get("/v1/jobs/" + painted + "/images/0?format=webp");
    assertThat(webp.status()).isEqualTo(422);
    assertThat(webp.text("/detail")).isEqualTo("format is webp; supported are png, jpeg");
    assertThat(caller.get("/v1/jobs/" + painted + "/images/first").status()).isEqualTo(400);

    objects.delete("results/" + painted + "/0.png");
    Caller.Answer gone = caller.get("/v1/jobs/" + painted + "/images/0");
    assertThat(gone.status()).isEqualTo(410);
    assertThat(gone.text("/code")).isEqualTo("gone");

    backstage.happened(
        new JobEvent.Failed(running, Instant.now(), ErrorCode.ENGINE_FAILURE, "it threw"));
    awaitState(running, "FAILED");
    assertThat(caller.get("/v1/jobs/" + running + "/images/0").text("/detail"))
        .contains("ended FAILED and has none");
  }

  @Test
  void thePreviewIsTheLatest() throws IOException {
    String id = caller.acceptedJob();
    assertThat(caller.get("/v1/jobs/" + id + "/previews/0").status()).isEqualTo(404);
    objects.put("previews/" + id + "/0.png", png());
    backstage.stepWithPreview(id, 3, "previews/" + id + "/0.png");
    awaitState(id, "RUNNING");
    Caller.Answer preview = caller.get("/v1/jobs/" + id + "/previews/0?step=3");
    assertThat(preview.status()).isEqualTo(200);
    assertThat(preview.bytes()).isEqualTo(png());
    assertThat(preview.header("Content-Type")).isEqualTo("image/png");
    assertThat(preview.header("Cache-Control")).isEqualTo("no-store");
    assertThat(caller.get("/v1/jobs/" + id + "/previews/1").status()).isEqualTo(404);
  }
}
