package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.platform.image.TestImages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Pictures that cannot be worked from are refused, whatever is wrong with them. */
class BadImagesTest extends GatewayTest {
  private static final byte[] PNG = TestImages.noise("png", 128, 128, 1);
  private static final byte[] JPEG = TestImages.noise("jpeg", 128, 128, 1);
  private long before;

  @BeforeEach
  void countRequests() {
    before = requestedSoFar();
  }

  @AfterEach
  void nothingWasWritten() {
    assertThat(requestedSoFar()).isEqualTo(before);
  }

  static Stream<Arguments> images() {
    String field = "image.base64";
    return Stream.of(
        bytes(new byte[0], field, "image.base64 is empty"),
        bytes("hello".getBytes(), field, "supported are image/png, image/jpeg"),
        bytes(TestImages.noise("gif", 128, 128, 1), field, "is of no supported kind"),
        bytes(Arrays.copyOf(PNG, 200), field, "is truncated in the chunk"),
        bytes(Arrays.copyOf(JPEG, JPEG.length / 2), field, "is damaged"),
        bytes(flipped(PNG), field, "the checksum of the chunk"),
        bytes(bomb(), field, "65560 x 65536 pixels; the limit is 300000 in all"),
        bytes(
            new byte[200 * 1024 + 1], field, "the limit is 204800 (fresco.limits.max-image-bytes)"),
        bytes(
            TestImages.noise("png", 100, 128, 1), "image.width", "a multiple of 32 (model emoji)"),
        bytes(TestImages.noise("png", 128, 32, 1), "image.height", "the least is 64 (model emoji)"),
        bytes(
            TestImages.noise("jpeg", 544, 128, 1), "image.width", "the limit is 512 (model emoji)"),
        Arguments.of("{\"base64\":\"???\"}", field, "it must be base64 text"),
        Arguments.of("{\"base64\":7}", field, "image.base64 is 7; it must be base64 text"),
        Arguments.of(
            "{\"url\":\"http://127.0.0.1/a.png\"}", "image.url", "not fetched from elsewhere"),
        Arguments.of(
            "{\"template\":\"tpl_x\"}", "image.template", "it must be the id of a template"),
        Arguments.of(
            "{\"template\":\"tpl_x\",\"base64\":\"AAAA\"}",
            "image",
            "have either base64 or template"),
        Arguments.of("{\"base64\":\"AAAA\",\"size\":1}", "image.size", "is not a known field"),
        Arguments.of("null", "image", "be the picture to start from"));
  }

  private static Arguments bytes(byte[] file, String field, String detail) {
    return Arguments.of("{\"base64\":\"" + base64(file) + "\"}", field, detail);
  }

  private static byte[] flipped(byte[] file) {
    byte[] damaged = file.clone();
    damaged[file.length / 2] ^= 1;
    return damaged;
  }

  /** A PNG whose header alone is whole, and says that it has four billion pixels. */
  private static byte[] bomb() {
    ByteBuffer file = ByteBuffer.wrap(PNG.clone());
    file.putInt(16, 65560).putInt(20, 65536);
    CRC32 checksum = new CRC32();
    checksum.update(file.array(), 12, 17);
    file.putInt(29, (int) checksum.getValue());
    return file.array();
  }

  @ParameterizedTest(name = "{1} {2}")
  @MethodSource("images")
  void aWrongPictureIsNamed(String image, String field, String detail) {
    assertRefused(
        "{\"kind\":\"image-to-image\",\"prompt\":\"a\",\"image\":" + image + "}", field, detail);
  }

  private void assertRefused(String body, String field, String detail) {
    Caller.Answer answer = caller.postJob(body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
    assertThat(answer.text("/detail")).contains(detail);
    JsonNode errors = answer.json().get("errors");
    assertThat(errors).as(answer.toString()).anyMatch(e -> field.equals(e.get("field").asString()));
    assertThat(answer.bytes().length).as("the picture is not sent back").isLessThan(3000);
  }

  @Test
  void sizesThatDifferAreNamed() {
    String image = "\"image\":{\"base64\":\"" + base64(PNG) + "\"}";
    String start = "{\"kind\":\"image-to-image\",\"prompt\":\"a\",";
    assertRefused(
        start + "\"width\":64," + image + "}",
        "image",
        "image is 128x128; it must be 64x128, the job's width and height");
    String template = shelf.template("default", 64, 64);
    String net = shelf.controlNet();
    assertRefused(
        start
            + image
            + ",\"controlnets\":[{\"id\":\""
            + net
            + "\",\"image\":{\"template\":\""
            + template
            + "\"}}]}",
        "controlnets[0].image.template",
        "controlnets[0].image.template is 64x64; it must be 128x128");
  }

  @Test
  void whatGoesWithTheKindIsHeldToIt() {
    String image = "\"image\":{\"base64\":\"" + base64(PNG) + "\"}";
    String rule = "or kind must be image-to-image";
    assertRefused("{\"prompt\":\"a\"," + image + "}", "image", rule);
    String template = "\"template\":{\"id\":\"" + shelf.template("default", 128, 128) + "\"}";
    assertRefused("{\"prompt\":\"a\"," + template + "}", "template", rule);
    String both = "{\"kind\":\"image-to-image\",\"prompt\":\"a\"," + image + "," + template + "}";
    assertRefused(both, "template", "must be left out where image is given");
    assertRefused(
        "{\"kind\":\"image-to-image\",\"model\":\"zold\",\"prompt\":\"a\"," + image + "}",
        "kind",
        "kind is \"image-to-image\"; known are text-to-image (model zold)");
  }

  @ParameterizedTest
  @MethodSource("strengths")
  void aWrongStrengthIsNamed(String strength, String detail) {
    assertRefused(
        "{\"kind\":\"image-to-image\",\"prompt\":\"a\",\"image\":{\"base64\":\""
            + base64(PNG)
            + "\"},"
            + strength
            + "}",
        "strength",
        detail);
  }

  static Stream<Arguments> strengths() {
    String range = "it must be over 0 and at most 1";
    return Stream.of(
        Arguments.of("\"strength\":0", range),
        Arguments.of("\"strength\":-0.5", range),
        Arguments.of("\"strength\":1.01", range),
        Arguments.of("\"strength\":1e999", range),
        Arguments.of("\"strength\":\"0.5\"", "it must be a number"),
        Arguments.of("\"strength\":0.04", "or none of the 20 steps is taken"),
        Arguments.of("\"steps\":1", "strength is 0.8; it must be at least 1 / steps"));
  }

  @Test
  void anotherTenantsTemplateIsUnknown() {
    String template = shelf.template("somebody-else", 128, 128);
    assertRefused(
        "{\"kind\":\"image-to-image\",\"prompt\":\"a\",\"template\":{\"id\":\"" + template + "\"}}",
        "template.id",
        template);
  }

  /** However a file is damaged, it is taken as wrong; nothing else breaks. */
  @Test
  void noDamageMakesACallFail() {
    Random random = new Random(4);
    for (int n = 0; n < 60; n++) {
      byte[] file = (n % 2 == 0 ? JPEG : PNG).clone();
      for (int flips = 0; flips < 20; flips++) {
        file[random.nextInt(Math.min(file.length, 700))] = (byte) random.nextInt(256);
      }
      // No prompt, so that what a decoder happens to accept is refused all the same.
      Caller.Answer answer =
          caller.postJob(
              "{\"kind\":\"image-to-image\",\"image\":{\"base64\":\"" + base64(file) + "\"}}");
      assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
    }
  }

  @Test
  void aRefusedRequestKeepsNoPicture() throws IOException {
    objects.put("inputs/marker", new byte[] {1});
    Path inputs = objects.find("inputs/marker").orElseThrow().getFile().toPath().getParent();
    long kept = files(inputs);
    assertRefused(
        "{\"kind\":\"image-to-image\",\"prompt\":\"\",\"image\":{\"base64\":\""
            + base64(PNG)
            + "\"}}",
        "prompt",
        "say what to paint");
    assertThat(files(inputs)).isEqualTo(kept);
  }

  private static long files(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.count();
    }
  }
}
