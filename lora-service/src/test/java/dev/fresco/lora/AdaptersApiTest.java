package dev.fresco.lora;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.adapter.Adapter;
import dev.fresco.platform.Answer;
import dev.fresco.platform.RunningService;
import dev.fresco.platform.RunningService.MultipartBody;
import dev.fresco.platform.catalogue.Catalogue;
import dev.fresco.platform.store.Sha256;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AdaptersApiTest {
  private static final String LORAS = "/v1/loras";
  private static final String CONTROLNETS = "/v1/controlnets";

  @TempDir static Path folder;
  private static RunningService service;

  @BeforeAll
  static void start() {
    service =
        RunningService.start(
            LoraApplication.class,
            "lora-service",
            folder.resolve("objects"),
            "fresco.limits.max-adapter-bytes=300KB",
            "fresco.limits.max-adapter-header-bytes=200KB");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static MultipartBody form(byte[] file) {
    return new MultipartBody().file("file", "style.safetensors", file);
  }

  private static MultipartBody controlNet() {
    return form(TestAdapters.controlNet().bytes())
        .file("config", "config.json", TestAdapters.controlNetConfig());
  }

  @Test
  void aLoraIsUploadedShownAndDeleted() throws Exception {
    RunningService ada = service.as("life");
    byte[] file = TestAdapters.resource(TestAdapters.KOHYA);
    Answer created =
        ada.post(LORAS, form(file).text("name", "flat style").text("baseModel", "sd15"))
            .hasStatus(201);
    String place = created.header("Location");
    assertThat(place).isEqualTo(LORAS + "/" + created.field("id")).matches(".*/lora_[0-9a-f]{26}");
    assertThat(created.field("name")).isEqualTo("flat style");
    assertThat(created.field("baseModel")).isEqualTo("sd15");
    assertThat(created.field("kind")).isEqualTo("lora");
    assertThat(created.field("sha256"))
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file)));
    assertThat(created.text())
        .contains("\"ranks\":[8]", "\"targets\":[\"text_encoder\",\"unet\"]", "\"layers\":52");

    assertThat(created.text()).doesNotContain("tenant", "objectKey");
    assertThat(ada.get(place).hasStatus(200).json()).isEqualTo(created.json());
    assertThat(ada.get(LORAS).json().get("items")).containsExactly(created.json());
    assertThat(ada.get(place + "/file").hasStatus(200).bytes()).isEqualTo(file);
    assertThat(ada.post(LORAS, form(file)).hasStatus(200).json()).isEqualTo(created.json());

    ada.delete(place).hasStatus(204);
    for (String gone : List.of(place, place + "/file")) {
      ada.get(gone).isProblem(404, "not_found", created.field("id"));
    }
    ada.delete(place).isProblem(404, "not_found");
    assertThat(folder.resolve("objects/adapters/" + created.field("id"))).doesNotExist();
  }

  @Test
  void aRangeOfTheFileCanBeRead() {
    RunningService ada = service.as("range");
    byte[] file = TestAdapters.resource(TestAdapters.PEFT);
    String place = ada.post(LORAS, form(file)).hasStatus(201).header("Location") + "/file";
    Answer part = ada.send(ada.request(place).header("Range", "bytes=8-19")).hasStatus(206);
    assertThat(part.bytes()).isEqualTo(Arrays.copyOfRange(file, 8, 20));
    ada.send(ada.request(place).header("Range", "bytes=9999999-")).hasStatus(416);
  }

  @Test
  void aControlNetHasItsOwnPlaceAndConfig() {
    RunningService ada = service.as("control");
    Answer created = ada.post(CONTROLNETS, controlNet()).hasStatus(201);
    String place = created.header("Location");
    assertThat(place).startsWith(CONTROLNETS + "/cnet_");
    assertThat(created.field("format")).isEqualTo("controlnet");
    assertThat(created.field("family")).isEqualTo("stable-diffusion");
    assertThat(ada.get(place + "/config").hasStatus(200).bytes())
        .isEqualTo(TestAdapters.controlNetConfig());
    assertThat(ada.get(LORAS).json().get("items")).isEmpty();
    assertThat(ada.get(CONTROLNETS).json().get("items")).containsExactly(created.json());
    ada.get(LORAS + "/" + created.field("id")).isProblem(404, "not_found", "no lora");
    ada.delete(LORAS + "/" + created.field("id")).isProblem(404, "not_found");
    ada.delete(place).hasStatus(204);
    assertThat(folder.resolve("objects/adapters/" + created.field("id") + ".json")).doesNotExist();
  }

  /** A job names both files with their hashes, so the catalogue must tell them. */
  @Test
  @SuppressWarnings("unchecked")
  void whereBothFilesOfAControlNetLieIsKnown() {
    RunningService ada = service.as("told");
    String id = ada.post(CONTROLNETS, controlNet()).hasStatus(201).field("id");
    Catalogue<Adapter> catalogue = service.bean(Catalogue.class);
    Adapter adapter = catalogue.find(id).orElseThrow();
    byte[] config = TestAdapters.controlNetConfig();
    assertThat(adapter.config())
        .isEqualTo(new StoredObject("adapters/" + id + ".json", Sha256.of(config), config.length));
    assertThat(folder.resolve("objects/" + adapter.config().objectKey())).hasBinaryContent(config);
    assertThat(adapter.file().bytes()).isEqualTo(TestAdapters.controlNet().bytes().length);
  }

  @Test
  void oneAdapterComesOfManyUploadsAtOnce() {
    RunningService ada = service.as("crowd");
    List<CompletableFuture<Answer>> uploads =
        IntStream.range(0, 6)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> ada.post(LORAS, form(TestAdapters.lora(3)))))
            .toList();
    assertThat(uploads.stream().map(CompletableFuture::join).map(Answer::status))
        .containsExactlyInAnyOrder(201, 200, 200, 200, 200, 200);
    assertThat(ada.get(LORAS).json().get("items")).hasSize(1);
  }

  @ParameterizedTest
  @MethodSource("hostileNames")
  void aNameIsNeverAPath(String name) {
    RunningService ada = service.as("names");
    Answer created =
        ada.post(
                LORAS,
                new MultipartBody()
                    .file("file", name, TestAdapters.lora(4 + name.length()))
                    .text("name", name))
            .hasStatus(201);
    assertThat(created.field("name")).isEqualTo(name);
    assertThat(folder.resolve("objects/adapters/" + created.field("id"))).isRegularFile();
    assertThat(folder).isDirectoryNotContaining("glob:**evil*");
  }

  static Stream<String> hostileNames() {
    return Stream.of("../../evil", "/tmp/evil", "..\\evil", "evil.safetensors/../../../evil");
  }

  static Stream<Arguments> refusals() {
    String invalid = "invalid_request";
    String unsupported = "unsupported_media_type";
    String tooLarge = "payload_too_large";
    byte[] lora = TestAdapters.lora(2);
    byte[] lycoris = new TestAdapters().with("lora_unet_a.hada_w1_a", 2, 2).bytes();
    byte[] cut = Arrays.copyOf(lora, lora.length - 1);
    byte[] network = TestAdapters.controlNet().bytes();
    byte[] largeConfig = new byte[(1 << 20) + 1];
    return Stream.of(
        posted("empty", LORAS, form(new byte[0]), 422, invalid, "file", "is empty"),
        posted("text", LORAS, form("hello, world".getBytes()), 422, invalid, "safetensors"),
        posted("truncated", LORAS, form(cut), 422, invalid, "truncated"),
        posted(
            "long header",
            LORAS,
            form(TestAdapters.file("{" + " ".repeat(200 * 1024), 0)),
            422,
            invalid,
            "header length 204801",
            "204800",
            "max-adapter-header-bytes"),
        posted("LyCORIS", LORAS, form(lycoris), 422, invalid, "lora_unet_a.hada_w1_a", "LyCORIS"),
        posted("ControlNet", LORAS, form(network), 422, invalid, "conv_in.weight"),
        posted("large", LORAS, form(new byte[300 * 1024 + 1]), 413, tooLarge, "307200", "bytes"),
        posted("huge", LORAS, form(new byte[2 << 20]), 413, tooLarge, "max-adapter-bytes"),
        posted("no file", LORAS, new MultipartBody().text("name", "x"), 422, invalid, "\"file\""),
        posted("unknown part", LORAS, form(lora).text("rank", "4"), 422, invalid, "rank"),
        posted("config", LORAS, form(lora).file("config", "c", lora), 422, invalid, "config"),
        posted("blank name", LORAS, form(lora).text("name", " "), 422, invalid, "name is blank"),
        posted("base", LORAS, form(lora).text("baseModel", "b".repeat(201)), 422, invalid, "200"),
        posted("no config", CONTROLNETS, form(network), 422, invalid, "config is missing"),
        posted(
            "LoRA as ControlNet",
            CONTROLNETS,
            form(lora).file("config", "c", TestAdapters.controlNetConfig()),
            422,
            invalid,
            "unet.mid.to_q.lora_A.weight"),
        posted(
            "broken config",
            CONTROLNETS,
            form(network).file("config", "c", "{".getBytes()),
            422,
            invalid,
            "config is not JSON"),
        posted(
            "large config",
            CONTROLNETS,
            form(network).file("config", "c", largeConfig),
            413,
            tooLarge,
            "max-adapter-bytes"),
        Arguments.of("JSON", LORAS, body("POST", "application/json", "{}"), 415, unsupported, ""),
        Arguments.of("PUT", LORAS, body("PUT", "a/b", ""), 405, "method_not_allowed", ""),
        Arguments.of(
            "PATCH", LORAS + "/x", body("PATCH", "a/b", ""), 405, "method_not_allowed", ""),
        Arguments.of("limit", LORAS + "?limit=101", get(), 422, invalid, "100"),
        Arguments.of("cursor", CONTROLNETS + "?cursor=x", get(), 422, invalid, "cursor"),
        Arguments.of("unknown id", LORAS + "/lora_0", get(), 404, "not_found", "lora_0"),
        Arguments.of("other path", "/v1/checkpoints", get(), 404, "not_found", ""));
  }

  private static UnaryOperator<HttpRequest.Builder> get() {
    return request -> request.GET();
  }

  private static UnaryOperator<HttpRequest.Builder> body(String method, String type, String body) {
    return request ->
        request.header("Content-Type", type).method(method, BodyPublishers.ofString(body));
  }

  private static Arguments posted(
      String what, String path, MultipartBody form, int status, String code, String... said) {
    return Arguments.of(what, path, form.asPost(), status, code, String.join("|", said));
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
    assertThat(service.get(LORAS).json().get("items")).isEmpty();
    assertThat(service.get(CONTROLNETS).json().get("items")).isEmpty();
  }
}
