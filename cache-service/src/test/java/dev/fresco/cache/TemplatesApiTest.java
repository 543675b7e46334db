package dev.fresco.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import dev.fresco.platform.RunningService.MultipartBody;
import dev.fresco.platform.image.TestImages;
import dev.fresco.platform.web.UploadMemory;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TemplatesApiTest {
  private static final String PATH = "/v1/templates";

  @TempDir static Path objects;
  private static RunningService service;

  @BeforeAll
  static void start() {
    service =
        RunningService.start(
            CacheApplication.class,
            "cache-service",
            objects,
            "fresco.limits.max-template-bytes=100KB",
            "fresco.limits.upload-wait=300ms");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static MultipartBody form(byte[] image) {
    return new MultipartBody().file("image", "picture.png", image);
  }

  private static String json(byte[] image) {
    return "{\"name\":\"as JSON\",\"image\":{\"base64\":\"%s\"}}"
        .formatted(Base64.getEncoder().encodeToString(image));
  }

  @Test
  void aTemplateIsUploadedShownAndDeleted() {
    RunningService ada = service.as("life");
    byte[] image = TestImages.png(1);
    Answer created = ada.post(PATH, form(image).text("name", "A red wall")).hasStatus(201);
    String place = created.header("Location");
    assertThat(place).isEqualTo(PATH + "/" + created.field("id")).matches(".*/tpl_[0-9a-f]{26}");
    assertThat(created.field("name")).isEqualTo("A red wall");
    assertThat(created.field("contentType")).isEqualTo("image/png");
    assertThat(created.json().get("width").asInt()).isEqualTo(24);
    assertThat(created.json().get("height").asInt()).isEqualTo(16);
    assertThat(created.json().get("bytes").asInt()).isEqualTo(image.length);

    assertThat(created.text()).doesNotContain("tenant", "objectKey");
    assertThat(ada.get(place).hasStatus(200).json()).isEqualTo(created.json());
    assertThat(ada.get(PATH).json().get("items").get(0)).isEqualTo(created.json());
    Answer shown = ada.get(place + "/image").hasStatus(200);
    assertThat(shown.bytes()).isEqualTo(image);
    assertThat(shown.header("Content-Type")).isEqualTo("image/png");
    Path stored = objects.resolve("templates/" + created.field("id"));
    assertThat(stored).hasBinaryContent(image);

    assertThat(ada.delete(place).hasStatus(204).bytes()).isEmpty();
    ada.get(place).isProblem(404, "not_found", created.field("id"));
    ada.get(place + "/image").isProblem(404, "not_found");
    ada.delete(place).isProblem(404, "not_found");
    assertThat(ada.get(PATH).json().get("items")).isEmpty();
    assertThat(stored).doesNotExist();
  }

  @Test
  void aTemplateComesBackWhenItIsUploadedAfterItsDeletion() {
    RunningService ada = service.as("again");
    String place = ada.post(PATH, form(TestImages.png(2))).hasStatus(201).header("Location");
    ada.delete(place).hasStatus(204);
    ada.post(PATH, form(TestImages.png(2))).hasStatus(201);
    assertThat(ada.get(place + "/image").hasStatus(200).bytes()).isEqualTo(TestImages.png(2));
  }

  @Test
  void anUnchangedImageIsNotSentAgain() {
    RunningService ada = service.as("etag");
    String place = ada.post(PATH, form(TestImages.png(2))).header("Location") + "/image";
    String tag = ada.get(place).header("ETag");
    ada.send(ada.request(place).header("If-None-Match", tag)).hasStatus(304);
  }

  @Test
  void jsonAndMultipartGiveTheSameTemplate() {
    RunningService ada = service.as("forms");
    byte[] image = TestImages.noise("jpeg", 30, 20, 3);
    Answer first = ada.postJson(PATH, json(image)).hasStatus(201);
    assertThat(first.field("contentType")).isEqualTo("image/jpeg");
    Answer second = ada.post(PATH, form(image).text("name", "another name")).hasStatus(200);
    assertThat(second.json()).isEqualTo(first.json());
  }

  @Test
  void tenantsDoNotShareTemplates() {
    byte[] image = TestImages.png(4);
    RunningService ada = service.as("ada");
    RunningService bob = service.as("bob");
    String place = ada.post(PATH, form(image)).hasStatus(201).header("Location");
    bob.get(place).isProblem(404, "not_found");
    bob.delete(place).isProblem(404, "not_found");
    assertThat(bob.post(PATH, form(image)).hasStatus(201).header("Location")).isNotEqualTo(place);
    ada.get(place).hasStatus(200);
  }

  @Test
  void oneTemplateComesOfManyUploadsAtOnce() {
    RunningService ada = service.as("crowd");
    List<CompletableFuture<Answer>> uploads =
        IntStream.range(0, 8)
            .mapToObj(
                i -> CompletableFuture.supplyAsync(() -> ada.post(PATH, form(TestImages.png(5)))))
            .toList();
    List<Answer> answers = uploads.stream().map(CompletableFuture::join).toList();
    assertThat(answers)
        .extracting(Answer::status)
        .containsExactlyInAnyOrder(201, 200, 200, 200, 200, 200, 200, 200);
    assertThat(answers.stream().map(answer -> answer.text()).distinct()).hasSize(1);
    assertThat(ada.get(PATH).json().get("items")).hasSize(1);
  }

  @Test
  void theListIsReadPageByPageLatestFirst() {
    RunningService ada = service.as("pages");
    List<String> uploaded = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      uploaded.add(0, ada.post(PATH, form(TestImages.png(100 + i))).field("id"));
    }
    List<String> read = new ArrayList<>();
    String cursor = "";
    do {
      Answer page = ada.get(PATH + "?limit=2" + cursor).hasStatus(200);
      page.json().get("items").forEach(item -> read.add(item.get("id").asString()));
      cursor =
          page.json().get("nextCursor").isNull() ? null : "&cursor=" + page.field("nextCursor");
    } while (cursor != null);
    assertThat(read).isEqualTo(uploaded);
  }

  @Test
  void anUploadIsSentAwayWhileOthersHoldTheMemory() {
    RunningService ada = service.as("memory");
    byte[] image = TestImages.png(7);
    try (var everything = service.bean(UploadMemory.class).take(Long.MAX_VALUE)) {
      for (Answer answer : List.of(ada.post(PATH, form(image)), ada.postJson(PATH, json(image)))) {
        answer.isProblem(503, "unavailable", "fresco.limits.upload-wait");
        assertThat(answer.header("Retry-After")).isEqualTo("5");
      }
    }
    ada.post(PATH, form(image)).hasStatus(201);
    ada.postJson(PATH, json(image)).hasStatus(200);
    ada.postJson(PATH, "{}").hasStatus(422);
    service.bean(UploadMemory.class).take(Long.MAX_VALUE).close();
  }

  static Stream<Arguments> refusals() {
    String invalid = "invalid_request";
    String malformed = "malformed_request";
    String tooLarge = "payload_too_large";
    String unsupported = "unsupported_media_type";
    byte[] png = TestImages.png(6);
    return Stream.of(
        posted("gif", form(TestImages.noise("gif", 4, 4, 1)), 415, unsupported, "image/png"),
        posted("text", form("hello".getBytes()), 415, unsupported, "image/jpeg"),
        posted("empty", form(new byte[0]), 422, invalid, "is empty"),
        posted("truncated", form(Arrays.copyOf(png, 60)), 422, invalid, "truncated"),
        posted(
            "bomb", form(bomb()), 422, invalid, "max-template-pixels", "16777216", "65560x65536"),
        posted("large", form(new byte[100 * 1024 + 1]), 413, tooLarge, "102400", "bytes"),
        posted("huge", form(new byte[1 << 20]), 413, tooLarge, "max-template-bytes"),
        posted("no image", new MultipartBody().text("name", "x"), 422, invalid, "\"image\""),
        posted("image as text", new MultipartBody().text("image", "x"), 422, invalid, "image"),
        posted("unknown part", form(png).text("colour", "red"), 422, invalid, "colour"),
        posted("image twice", form(png).file("image", "b", png), 422, invalid, "2 times"),
        posted("long name", form(png).text("name", "n".repeat(201)), 422, invalid, "name", "200"),
        posted("bell in name", form(png).text("name", "a\u0007"), 422, invalid, "control"),
        posted("broken JSON", "{\"image\":", 400, malformed, "JSON"),
        posted("no body", "", 400, malformed),
        posted("no image", "{}", 422, invalid, "image.base64", "missing"),
        posted("unknown field", "{\"image\":{\"url\":1}}", 422, invalid, "image.url", "base64"),
        posted(
            "no base64",
            "{\"image\":{\"base64\":\"!\"}}",
            422,
            invalid,
            "image.base64",
            "base64 text"),
        posted("wrong type", "{\"image\":{\"base64\":{}}}", 422, invalid, "image.base64"),
        posted("large in JSON", json(new byte[100 * 1024 + 1]), 413, tooLarge, "102400"),
        posted("huge JSON", " ".repeat(1 << 20), 413, tooLarge, "max-template-bytes"),
        Arguments.of("PUT", PATH, body("PUT", "image/png", ""), 405, "method_not_allowed", ""),
        Arguments.of("XML", PATH, body("POST", "text/xml", "<a/>"), 415, unsupported, ""),
        Arguments.of(
            "no boundary", PATH, body("POST", "multipart/form-data", "x"), 400, malformed, ""),
        Arguments.of("limit of 0", PATH + "?limit=0", GET, 422, invalid, "100"),
        Arguments.of("limit of 101", PATH + "?limit=101", GET, 422, invalid, "100"),
        Arguments.of("limit of x", PATH + "?limit=x", GET, 422, invalid, "limit"),
        Arguments.of("no cursor", PATH + "?cursor=x", GET, 422, invalid, "cursor"),
        Arguments.of("unknown id", PATH + "/tpl_0", GET, 404, "not_found", "tpl_0"),
        Arguments.of("unknown path", "/v1/nothing", GET, 404, "not_found", "nothing"));
  }

  private static final UnaryOperator<HttpRequest.Builder> GET = request -> request.GET();

  private static UnaryOperator<HttpRequest.Builder> body(String method, String type, String body) {
    return request ->
        request.header("Content-Type", type).method(method, BodyPublishers.ofString(body));
  }

  private static Arguments posted(
      String what, MultipartBody form, int status, String code, String... said) {
    return Arguments.of(what, PATH, form.asPost(), status, code, String.join("|", said));
  }

  private static Arguments posted(
      String what, String json, int status, String code, String... said) {
    return Arguments.of(
        what, PATH, body("POST", "application/json", json), status, code, String.join("|", said));
  }

  /** A PNG whose header promises 65,560 by 65,536 pixels. */
  private static byte[] bomb() {
    ByteBuffer png = ByteBuffer.wrap(TestImages.png(6));
    png.putInt(16, 65_560).putInt(20, 65_536);
    CRC32 checksum = new CRC32();
    checksum.update(png.array(), 12, 17);
    png.putInt(29, (int) checksum.getValue());
    return png.array();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void aWrongCallIsRefusedAndChangesNothing(
      String what,
      String path,
      UnaryOperator<HttpRequest.Builder> call,
      int status,
      String code,
      String said) {
    service.send(call.apply(service.request(path))).isProblem(status, code, said.split("\\|"));
    assertThat(service.get(PATH).json().get("items")).isEmpty();
  }

  @Test
  void aTenantOfAnotherShapeIsRefused() {
    service.as("../x").get(PATH).isProblem(400, "malformed_request", "X-Fresco-Tenant");
  }

  static Stream<String> longBodies() {
    return Stream.of(" ".repeat(1 << 18), json(new byte[1 << 18]));
  }

  @ParameterizedTest
  @MethodSource("longBodies")
  void aLongJsonBodyWithoutALengthIsRefused(String json) {
    byte[] body = json.getBytes();
    service
        .send(
            service
                .request(PATH)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))))
        .isProblem(413, "payload_too_large", "max-template-bytes");
  }
}
