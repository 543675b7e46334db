package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.platform.image.TestImages;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Masks that cannot be meant, or do not fit, are refused; nothing is kept of the request. */
class BadMasksTest extends GatewayTest {
  private static final byte[] MASK = MaskImages.white(128, 128);
  private static final String WHITE = "\"edits\":\"white\"";
  private static final String IMAGE =
      "\"image\":{\"base64\":\"" + base64(TestImages.noise("png", 128, 128, 1)) + "\"}";

  private long requestsBefore;
  private long filesBefore;

  @BeforeEach
  void count() throws IOException {
    requestsBefore = requestedSoFar();
    filesBefore = files();
  }

  @AfterEach
  void nothingWasWritten() throws IOException {
    assertThat(requestedSoFar()).isEqualTo(requestsBefore);
    assertThat(files()).isEqualTo(filesBefore);
  }

  private long files() throws IOException {
    objects.put("inputs/marker", new byte[] {1});
    Path inputs = objects.find("inputs/marker").orElseThrow().getFile().toPath().getParent();
    try (var files = Files.walk(inputs)) {
      return files.count();
    }
  }

  private static String mask(byte[] file, String rest) {
    return "\"mask\":{\"base64\":\"" + base64(file) + "\"" + rest + "}";
  }

  private static String edit(String mask) {
    return "{\"kind\":\"edit\",\"prompt\":\"a hat\"," + IMAGE + "," + mask + "}";
  }

  static Stream<Arguments> masks() {
    byte[] black = MaskImages.grey(BufferedImage.TYPE_BYTE_GRAY, 128, 128, 0, 0);
    byte[] white = MaskImages.grey(BufferedImage.TYPE_BYTE_GRAY, 128, 128, 255, 255);
    byte[] torn = Arrays.copyOf(MASK, MASK.length / 2);
    String edits = "known are white, black, transparent";
    String nothing = "mask leaves all of its 128x128 pixels as they are";
    return Stream.of(
        Arguments.of(mask(MASK, ""), "mask.edits", "painted: white, black, transparent"),
        Arguments.of(mask(MASK, ",\"edits\":\"green\""), "mask.edits", edits),
        Arguments.of(mask(MASK, ",\"edits\":\"White\""), "mask.edits", edits),
        Arguments.of(mask(MASK, ",\"edits\":1"), "mask.edits", "it must be a string"),
        Arguments.of(
            mask(MaskImages.white(64, 96), "," + WHITE),
            "mask",
            "mask is 64x96; it must be 128x128, the job's width and height, or mask.rescale"),
        Arguments.of(
            mask(MaskImages.white(64, 96), "," + WHITE + ",\"rescale\":false"),
            "mask",
            "mask is 64x96; it must be 128x128"),
        Arguments.of(
            mask(MASK, "," + WHITE + ",\"rescale\":\"yes\""), "mask.rescale", "be true or false"),
        Arguments.of(mask(black, "," + WHITE), "mask", nothing + "; it must have a pixel"),
        Arguments.of(mask(white, ",\"edits\":\"black\""), "mask", nothing),
        Arguments.of(mask(MASK, ",\"edits\":\"transparent\""), "mask", "edits is transparent"),
        Arguments.of(mask(torn, "," + WHITE), "mask.base64", "is truncated"),
        Arguments.of(mask("hello".getBytes(), "," + WHITE), "mask.base64", "supported are"),
        Arguments.of(mask(new byte[0], "," + WHITE), "mask.base64", "mask.base64 is empty"),
        Arguments.of(
            mask(TestImages.noise("png", 600, 600, 1), "," + WHITE),
            "mask.base64",
            "(fresco.limits.max-image-bytes)"),
        Arguments.of("\"mask\":{" + WHITE + "}", "mask.base64", "be the mask's PNG or JPEG"),
        Arguments.of("\"mask\":{\"base64\":\"??\"," + WHITE + "}", "mask.base64", "base64 text"),
        Arguments.of(
            "\"mask\":{\"url\":\"http://127.0.0.1/m.png\"," + WHITE + "}",
            "mask.url",
            "not fetched from elsewhere"),
        Arguments.of(mask(MASK, "," + WHITE + ",\"blur\":1"), "mask.blur", "not a known field"),
        Arguments.of(
            mask(MASK, "," + WHITE + ",\"margin\":65"),
            "mask.margin",
            "the limit is 64 (fresco.limits.max-mask-margin)"),
        Arguments.of(mask(MASK, "," + WHITE + ",\"margin\":-1"), "mask.margin", "the least is 0"),
        Arguments.of("\"mask\":null", "mask", "say what the edit may change"),
        Arguments.of("\"mask\":[]", "mask", "it must be an object"));
  }

  @ParameterizedTest(name = "{1} {2}")
  @MethodSource("masks")
  void aWrongMaskIsNamed(String mask, String field, String detail) {
    assertRefused(edit(mask), field, detail);
  }

  private void assertRefused(String body, String field, String detail) {
    Caller.Answer answer = caller.postJob(body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
    assertThat(answer.text("/detail")).contains(detail);
    assertThat(answer.json().get("errors"))
        .as(answer.toString())
        .hasSize(1)
        .allMatch(e -> field.equals(e.get("field").asString()));
    assertThat(answer.bytes().length).as("the mask is not sent back").isLessThan(3000);
  }

  @Test
  void aMaskIsOfEditsAlone() {
    String rule = "mask is \"given\"; it must be left out, or kind must be edit";
    String mask = mask(MASK, "," + WHITE);
    assertRefused("{\"prompt\":\"a\"," + mask + "}", "mask", rule);
    String other = "{\"kind\":\"image-to-image\",\"prompt\":\"a\",";
    assertRefused(other + IMAGE + "," + mask + "}", "mask", rule);
  }

  @Test
  void anEditStartsFromAPicture() {
    String start = "{\"kind\":\"edit\",\"prompt\":\"a\"," + mask(MASK, "," + WHITE);
    assertRefused(start + "}", "image", "be the picture to start from, or template");
    String url = ",\"template\":{\"url\":\"http://127.0.0.1/a.png\"}}";
    assertRefused(start + url, "template.url", "not fetched from elsewhere");
    String two = ",\"template\":{\"id\":\"tpl_x\",\"base64\":\"AAAA\"}}";
    assertRefused(start + two, "template", "have either id or base64");
    String junk = ",\"template\":{\"base64\":\"AAAA\"}}";
    assertRefused(start + junk, "template.base64", "is of no supported kind");
  }

  @Test
  void aDeletedTemplateIsUnknown() {
    String template = shelf.template("default", 64, 64);
    shelf.deleteTemplate(template);
    // Of another size than the mask, so that it is refused also before the deletion is known here.
    String body =
        "{\"kind\":\"edit\",\"prompt\":\"a\",\"template\":{\"id\":\""
            + template
            + "\"},"
            + mask(MASK, "," + WHITE)
            + "}";
    String detail = "template.id is \"" + template + "\"; it must be the id of a template";
    await().atMost(PATIENCE).untilAsserted(() -> assertRefused(body, "template.id", detail));
  }

  @Test
  void aModelThatCannotEditSaysSo() {
    String body =
        edit(mask(MASK, "," + WHITE)).replace("{\"kind\"", "{\"model\":\"quick\",\"kind\"");
    assertRefused(body, "kind", "known are text-to-image, image-to-image (model quick)");
  }
}
