package dev.fresco.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.embedded.FreePort;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Pictures to start from, LoRAs, ControlNets and prompts in all their parts, through every service
 * and the real engine, with a small random model of the SDXL family.
 */
class SourcesInTheHouseTest {
  private static final Path FIXTURES = Path.of("../engine/fixtures");
  private static final Path LORA = FIXTURES.resolve("lora/sdxl-tiny-a.peft.safetensors");
  private static final Path CONTROLNET = FIXTURES.resolve("sdxl-tiny-controlnet");
  private static final String LAST = "a last word that is cut off";

  @TempDir Path data;
  private FrescoProcess fresco;

  @Test
  void whatJobsWorkFromChangesTheirPictures() throws Exception {
    int port = FreePort.find();
    Path model = model();
    fresco = FrescoProcess.start(data, port, model);
    List<String> unfinished = new ArrayList<>();
    try {
      String lora = id(fresco.upload("/v1/loras", Map.of("file", LORA)));
      String net =
          id(
              fresco.upload(
                  "/v1/controlnets",
                  Map.of(
                      "file",
                      CONTROLNET.resolve("diffusion_pytorch_model.safetensors"),
                      "config",
                      CONTROLNET.resolve("config.json"))));
      JsonNode plain = painted("\"steps\": 6");
      Path picture = data.resolve("plain.png");
      ImageIO.write(pixels(plain), "png", picture.toFile());
      String template = id(fresco.upload("/v1/templates", Map.of("image", picture)));
      String image = "\"template\": {\"id\": \"" + template + "\"}";

      lorasCount(plain, lora);
      controlNetsCount(plain, net, template);
      startingPicturesCount(plain, image);
      promptsCount(plain);

      assertThat(fresco.delete("/v1/loras/" + lora)).isEqualTo(204);
      assertThat(post("\"steps\": 6, \"loras\": [{\"id\": \"" + lora + "\"}]").body())
          .contains("loras[0].id", lora);
      for (int n = 0; n < 4; n++) {
        unfinished.add(id(post(fromPicture(image, 1.0) + ", \"steps\": 120")));
      }
    } finally {
      fresco.kill();
    }
    try (FrescoProcess second = FrescoProcess.start(data, port, model)) {
      fresco = second;
      for (String job : unfinished) {
        assertThat(awaitEnd(job).get("state").asString()).isEqualTo("SUCCEEDED");
      }
    }
  }

  /** ControlNets are made for autoencoders of eight pixels to a place, as this one is. */
  private Path model() throws IOException {
    Path model = data.resolve("tiny");
    FileSystemUtils.copyRecursively(FIXTURES.resolve("sdxl-tiny"), model);
    FileSystemUtils.deleteRecursively(model.resolve("vae"));
    FileSystemUtils.copyRecursively(FIXTURES.resolve("autoencoder-tiny"), model.resolve("vae"));
    Path index = model.resolve("model_index.json");
    Files.writeString(index, Files.readString(index).replace("AutoencoderKL", "AutoencoderTiny"));
    return model;
  }

  private void lorasCount(JsonNode plain, String lora) throws Exception {
    String loras = "\"steps\": 6, \"loras\": [{\"id\": \"%s\", \"scale\": %s}]";
    JsonNode with = painted(loras.formatted(lora, 2.0));
    assertThat(difference(with, plain)).as("a LoRA changes the picture").isGreaterThan(0);
    assertThat(difference(painted(loras.formatted(lora, 0.0)), plain)).isZero();
    assertThat(difference(painted("\"steps\": 6"), plain)).as("and no later one").isZero();
    assertThat(with.at("/request/loras/0/id").asString()).isEqualTo(lora);
  }

  private void controlNetsCount(JsonNode plain, String net, String template) throws Exception {
    String nets =
        "\"steps\": 6, \"controlnets\": [{\"id\": \"%s\", \"scale\": %s,"
            + " \"image\": {\"template\": \"%s\"}}]";
    assertThat(difference(painted(nets.formatted(net, 2.0, template)), plain)).isGreaterThan(0);
    assertThat(difference(painted(nets.formatted(net, 0.0, template)), plain)).isZero();
  }

  private void startingPicturesCount(JsonNode plain, String image) throws Exception {
    JsonNode slight = painted(fromPicture(image, 0.2) + ", \"steps\": 10, \"seed\": 8");
    JsonNode strong = painted(fromPicture(image, 1.0) + ", \"steps\": 10, \"seed\": 8");
    assertThat(slight.at("/progress/stepsTotal").asInt()).isEqualTo(2);
    assertThat(strong.at("/progress/stepsTotal").asInt()).isEqualTo(10);
    assertThat(difference(slight, plain)).isLessThan(difference(strong, plain));
  }

  private void promptsCount(JsonNode plain) throws Exception {
    assertThat(difference(painted("\"steps\": 6, \"prompt2\": \"oil\""), plain)).isPositive();
    String words = "\"steps\": 6, \"prompt\": \"" + "fox ".repeat(120) + LAST + "\"";
    JsonNode cut = painted(words);
    JsonNode chunks = painted(words + ", \"longPrompts\": \"chunks\"");
    assertThat(cut.at("/warnings/0").asString()).contains("its end was cut");
    assertThat(chunks.get("warnings")).isEmpty();
    assertThat(difference(cut, chunks)).isPositive();
  }

  private static String fromPicture(String image, double strength) {
    return "\"kind\": \"image-to-image\", \"strength\": " + strength + ", " + image;
  }

  private HttpResponse<String> post(String fields) throws Exception {
    String prompt = fields.contains("\"prompt\":") ? "" : "\"prompt\": \"a fox\", ";
    String seed = fields.contains("\"seed\":") ? "" : "\"seed\": 7, ";
    return fresco.post("/v1/jobs", "{" + prompt + seed + fields + "}");
  }

  private JsonNode painted(String fields) throws Exception {
    HttpResponse<String> answer = post(fields);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonNode view = awaitEnd(id(answer));
    assertThat(view.get("state").asString()).as(view.toString()).isEqualTo("SUCCEEDED");
    return view;
  }

  private static String id(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isIn(201, 202);
    return JsonMapper.shared().readTree(answer.body()).get("id").asString();
  }

  private JsonNode awaitEnd(String job) throws Exception {
    JsonNode view = fresco.get("/v1/jobs/" + job + "?wait=60");
    assertThat(view.get("endedAt")).as(view.toString()).isNotNull();
    return view;
  }

  private BufferedImage pixels(JsonNode view) throws Exception {
    byte[] png = fresco.bytes(view.at("/images/0/url").asString());
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  /** Mean difference of the colours, 0 to 255. */
  private double difference(JsonNode one, JsonNode other) throws Exception {
    BufferedImage first = pixels(one);
    BufferedImage second = pixels(other);
    double sum = 0;
    for (int y = 0; y < first.getHeight(); y++) {
      for (int x = 0; x < first.getWidth(); x++) {
        for (int shift = 0; shift <= 16; shift += 8) {
          int a = first.getRGB(x, y) >> shift & 0xFF;
          int b = second.getRGB(x, y) >> shift & 0xFF;
          sum += Math.abs(a - b);
        }
      }
    }
    return sum / (3.0 * first.getWidth() * first.getHeight());
  }
}
