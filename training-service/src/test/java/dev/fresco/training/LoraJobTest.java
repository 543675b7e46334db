package dev.fresco.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A LoRA of the demo model, from pictures to lora-service. */
class LoraJobTest {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir static Path folder;
  private static RunningService service;
  private static HttpServer loraService;

  /** What lora-service answers; when there is nothing left, it takes what comes. */
  private static final Queue<Integer> answers = new ConcurrentLinkedQueue<>();

  private static final Queue<String> uploads = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void start() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    loraService = HttpServer.create(new InetSocketAddress(here, 0), 0);
    loraService.createContext("/v1/loras", LoraJobTest::answer);
    loraService.start();
    service =
        RunningJobs.start(
            folder,
            "fresco.training.lora-service=http://127.0.0.1:" + loraService.getAddress().getPort());
  }

  @AfterAll
  static void stop() {
    service.close();
    loraService.stop(0);
  }

  private static void answer(HttpExchange call) throws IOException {
    byte[] body = call.getRequestBody().readAllBytes();
    String tenant = call.getRequestHeaders().getFirst("X-Fresco-Tenant");
    uploads.add(tenant + " " + new String(body, StandardCharsets.ISO_8859_1));
    Integer status = answers.poll();
    byte[] answer = "{\"id\": \"lora_fox\"}".getBytes(StandardCharsets.UTF_8);
    call.sendResponseHeaders(status == null ? 201 : status, answer.length);
    call.getResponseBody().write(answer);
    call.close();
  }

  private static byte[] picture(Color colour) throws IOException {
    BufferedImage picture = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(colour);
    graphics.fillOval(8, 8, 48, 48);
    graphics.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(picture, "png", png);
    return png.toByteArray();
  }

  private static Answer awaitState(String place, String state) {
    RunningService ada = service.as("ada");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(ada.get(place).field("state"))
                    .as(ada.get(place).text())
                    .isEqualTo(state));
    return ada.get(place);
  }

  /** Mean difference of a pixel and the one to its right, of 255. */
  private static double roughness(BufferedImage picture) {
    double sum = 0;
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 1; x < picture.getWidth(); x++) {
        Color left = new Color(picture.getRGB(x - 1, y));
        sum += Math.abs(left.getGreen() - new Color(picture.getRGB(x, y)).getGreen());
      }
    }
    return sum / (picture.getHeight() * (picture.getWidth() - 1));
  }

  /** The first upload fails; what was learnt is not lost by that. */
  @Test
  void theFinishedAdapterIsPublishedAndShown() throws IOException {
    RunningService ada = service.as("ada");
    byte[] zip =
        TrainingDataTest.zip(
            Map.of(
                "red.png", picture(Color.RED),
                "red.txt", "a red ball".getBytes(StandardCharsets.UTF_8),
                "blue.png", picture(Color.BLUE),
                "blue.txt", "a blue ball".getBytes(StandardCharsets.UTF_8)));
    String data = TrainingDataTest.upload(ada, TrainingDataTest.ZIP, zip).field("id");
    answers.add(503);
    String place =
        ada.postJson(
                TrainingJobsApiTest.PATH,
                """
                {"kind": "lora", "model": "emoji", "iterations": 2, "publish": {"adapter": "balls"},
                 "setup": {"data": "%s", "checkpointEvery": 1,
                   "lora": {"rank": 2, "width": 64, "height": 64, "sample": "a red ball"}}}
                """
                    .formatted(data))
            .hasStatus(201)
            .header("Location");
    Answer failed = awaitState(place, "FAILED");
    assertThat(failed.json().at("/error/code").asString()).isEqualTo("unavailable");
    assertThat(failed.json().get("checkpoint").asInt()).isEqualTo(2);
    ada.postJson(place + "/resume", "").hasStatus(202);
    Answer done = awaitState(place, "SUCCEEDED");
    assertThat(done.field("adapterId")).isEqualTo("lora_fox");
    assertThat(done.json().at("/progress/iterationsDone").asInt()).isEqualTo(2);
    assertThat(uploads).hasSize(2);
    assertThat(uploads)
        .allSatisfy(
            upload ->
                assertThat(upload)
                    .startsWith("ada ")
                    .contains("name=\"name\"\r\n\r\nballs\r\n")
                    .contains("name=\"baseModel\"\r\n\r\nemoji\r\n")
                    .contains("lora_A.weight"));
    Answer sample = ada.get(done.field("sample")).hasStatus(200);
    assertThat(sample.header("Content-Type")).isEqualTo("image/png");
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(sample.bytes()));
    assertThat(picture.getWidth()).isEqualTo(128);
    assertThat(roughness(picture)).isLessThan(9); // 14 is noise, 4 the model's pictures
    assertThat(ada.get(place + "/events").text())
        .contains("event: sampled", place + "/samples/1", place + "/samples/2");
    ada.get(place + "/samples/1").hasStatus(200);
    ada.get(place + "/samples/3").isProblem(404, "not_found");
    service.as("bob").get(done.field("sample")).isProblem(404, "not_found");
  }
}
