package dev.fresco.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingDataTest {
  static final String PATH = "/v1/training-data";
  static final String ZIP = "application/zip";

  @TempDir static Path objects;
  private static RunningService service;

  @BeforeAll
  static void start() {
    service =
        RunningService.start(
            TrainingApplication.class,
            "training-service",
            objects,
            "fresco.limits.max-data-bytes=100KB",
            "fresco.training.folder=" + objects.resolve("runs"));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  /** Uploads bytes as a body. */
  static Answer upload(RunningService service, String type, byte[] bytes) {
    return service.send(
        service.request(PATH).header("Content-Type", type).POST(BodyPublishers.ofByteArray(bytes)));
  }

  static byte[] zip(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void dataAreKnownByTheirContentAndTheirTenant() throws IOException {
    RunningService ada = service.as("ada");
    Answer created = upload(ada, "text/plain; charset=utf-8", bytes("to be or not")).hasStatus(201);
    String place = created.header("Location");
    assertThat(place).matches(PATH + "/data_[0-9a-f]{26}");
    assertThat(created.field("format")).isEqualTo("text");
    assertThat(created.json().get("bytes").asInt()).isEqualTo(12);
    assertThat(ada.get(place).hasStatus(200).json()).isEqualTo(created.json());
    Answer again = upload(ada, "text/plain", bytes("to be or not")).hasStatus(200);
    assertThat(again.json()).isEqualTo(created.json());
    service.as("bob").get(place).isProblem(404, "not_found");
    service.as("bob").delete(place).isProblem(404, "not_found");
    ada.delete(place).hasStatus(204);
    ada.get(place).isProblem(404, "not_found");
    assertThat(stored()).isEmpty();
  }

  private static java.util.List<Path> stored() throws IOException {
    Path folder = objects.resolve("training-data");
    if (!Files.isDirectory(folder)) {
      return java.util.List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void aZipMayHaveFoldersAndOtherFiles() throws IOException {
    byte[] zip =
        zip(
            Map.of(
                "set/a.png", bytes("picture"),
                "set/a.txt", bytes("a fox"),
                "set/readme.md", bytes("about"),
                "__MACOSX/._a.png", bytes("x")));
    Answer created = upload(service.as("zip"), ZIP, zip).hasStatus(201);
    assertThat(created.field("format")).isEqualTo("pictures");
    service.as("zip").delete(created.header("Location")).hasStatus(204);
  }

  static Stream<Arguments> refusals() throws IOException {
    String invalid = "invalid_request";
    byte[] picture = bytes("picture");
    byte[] caption = bytes("a fox");
    return Stream.of(
        row("no bytes", "text/plain", new byte[0], 422, invalid, "0 bytes"),
        row("no zip", ZIP, picture, 422, invalid, "0 pictures"),
        row("empty zip", ZIP, zip(Map.of()), 422, invalid, "0 pictures"),
        row("captions only", ZIP, zip(Map.of("a.txt", caption)), 422, invalid, "0 pictures"),
        row("no caption", ZIP, zip(Map.of("a.png", picture)), 422, invalid, "a.png"),
        row(
            "a name twice",
            ZIP,
            zip(Map.of("x/a.png", picture, "y/a.png", picture, "a.txt", caption)),
            422,
            invalid,
            "a.png twice"),
        row("cut zip", ZIP, cut(zip(Map.of("a.png", new byte[5000]))), 422, invalid, "zip"),
        row("a bomb", ZIP, zip(Map.of("a.png", new byte[200_000])), 413, "payload_too_large"),
        row("too long", "text/plain", new byte[200_000], 413, "payload_too_large", "max-data"),
        row("no latents", "application/octet-stream", picture, 422, invalid, "latents"),
        row("another type", "image/png", picture, 415, "unsupported_media_type"));
  }

  private static byte[] cut(byte[] whole) {
    return java.util.Arrays.copyOf(whole, 40);
  }

  private static Arguments row(
      String what, String type, byte[] bytes, int status, String code, String... said) {
    return Arguments.of(what, type, bytes, status, code, said);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  void whatIsNoDataIsRefused(
      String what, String type, byte[] bytes, int status, String code, String[] said) {
    upload(service, type, bytes).isProblem(status, code, said);
  }
}
