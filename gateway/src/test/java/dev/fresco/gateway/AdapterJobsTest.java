package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.job.ControlNetUse;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.LoraUse;
import dev.fresco.platform.image.TestImages;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs with LoRAs and ControlNets, which the gateway knows from the events of their service. */
class AdapterJobsTest extends GatewayTest {
  private static final byte[] PICTURE = TestImages.noise("png", 96, 64, 1);

  private static String loras(String... uses) {
    return "{\"prompt\":\"a fox\",\"loras\":[" + String.join(",", uses) + "]}";
  }

  private static String use(String id, String rest) {
    return "{\"id\":\"" + id + "\"" + rest + "}";
  }

  private static String shown(String id, String rest) {
    return use(id, ",\"image\":{\"base64\":\"" + base64(PICTURE) + "\"}" + rest);
  }

  private static String controlNets(String... uses) {
    return "{\"prompt\":\"a fox\",\"controlnets\":[" + String.join(",", uses) + "]}";
  }

  private Caller.Answer accepted(String body) {
    Caller.Answer answer = caller.postJob(body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    return answer;
  }

  private void assertRefused(String body, String field, String... details) {
    long before = requestedSoFar();
    Caller.Answer answer = caller.postJob(body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
    assertThat(answer.text("/errors/0/field")).isEqualTo(field);
    assertThat(answer.json().get("errors")).hasSize(1);
    assertThat(answer.text("/detail")).contains(details);
    assertThat(requestedSoFar()).isEqualTo(before);
  }

  /** The other service's answer and the gateway's knowledge come on different ways. */
  @Test
  void aLoraIsKnownAsSoonAsItIsRegistered() {
    for (int n = 0; n < 5; n++) {
      String id = shelf.lora();
      Caller.Answer answer = accepted(loras(use(id, "")));
      LoraUse lora = sent(answer.text("/id")).loras().get(0);
      assertThat(lora.id()).isEqualTo(id);
      assertThat(lora.scale()).isEqualTo(1.0);
      assertThat(lora.file().objectKey()).isEqualTo("adapters/" + id);
      assertThat(lora.file().bytes()).isEqualTo(98765);
    }
  }

  @Test
  void severalLorasKeepTheirOrderAndScales() {
    String first = shelf.lora();
    String second = shelf.lora();
    Caller.Answer answer =
        accepted(loras(use(second, ",\"scale\":-0.5"), use(first, ",\"scale\":10")));
    JobRequest sent = sent(answer.text("/id"));
    assertThat(sent.loras()).extracting(LoraUse::id).containsExactly(second, first);
    assertThat(sent.loras()).extracting(LoraUse::scale).containsExactly(-0.5, 10.0);
    assertThat(answer.text("/request/loras/0/scale")).isEqualTo("-0.5");
    assertThat(answer.toString()).doesNotContain("adapters/", "objectKey");
  }

  @Test
  void aControlNetIsShownItsPicture() throws IOException {
    String id = shelf.controlNet();
    Caller.Answer answer =
        accepted(controlNets(shown(id, ",\"scale\":0.5,\"from\":0.1,\"to\":0.9"), shown(id, "")));
    String job = answer.text("/id");
    JobRequest sent = sent(job);
    ControlNetUse net = sent.controlnets().get(0);
    assertThat(net.scale()).isEqualTo(0.5);
    assertThat(net.from()).isEqualTo(0.1);
    assertThat(net.to()).isEqualTo(0.9);
    assertThat(net.config().objectKey()).isEqualTo("adapters/" + id + ".json");
    assertThat(sent.width()).as("of its picture").isEqualTo(96);
    assertThat(sent.height()).isEqualTo(64);
    assertThat(sent.controlnets().get(1).scale()).isEqualTo(1.0);
    assertThat(sent.controlnets().get(1).to()).isEqualTo(1.0);
    for (ControlNetUse use : sent.controlnets()) {
      assertThat(objects.get(use.image().object().objectKey())).hasValue(PICTURE);
      assertThat(use.image().object().objectKey()).startsWith("inputs/" + job + "/");
    }
    assertThat(answer.text("/request/controlnets/0/image/width")).isEqualTo("96");
  }

  @Test
  void whatWasDeletedIsUnknown() {
    String id = shelf.lora();
    accepted(loras(use(id, "")));
    shelf.deleteAdapter(id);
    // A later adapter that is known shows that the deletion was read.
    accepted(loras(use(shelf.lora(), "")));
    assertRefused(loras(use(id, "")), "loras[0].id", id, "POST /v1/loras");
  }

  @Test
  void onlyTheCallersOwnOfTheRightKindAreKnown() {
    String others = shelf.lora("somebody-else", null, null);
    assertRefused(loras(use(others, "")), "loras[0].id", others);
    assertRefused(loras(use(shelf.controlNet(), "")), "loras[0].id", "the id of a LoRA");
    assertRefused(
        controlNets(shown(shelf.lora(), "")), "controlnets[0].id", "the id of a ControlNet");
  }

  @Test
  void whatWasMadeForAnotherFamilyIsRefused() {
    String xl = shelf.lora("default", null, "stable-diffusion-xl");
    assertRefused(
        loras(use(xl, "")),
        "loras[0].id",
        "fit model emoji, which is of stable-diffusion; it was made for stable-diffusion-xl");
    String forPortrait = shelf.lora("default", "portrait", null);
    assertRefused(loras(use(forPortrait, "")), "loras[0].id", "made for stable-diffusion-xl");
    accepted(loras(use(shelf.lora("default", "zold", null), "")));
    accepted(loras(use(shelf.lora("default", "a model that nobody knows", null), "")));
    accepted(loras(use(shelf.lora("default", "portrait", "stable-diffusion"), "")));
    String net = controlNets(shown(shelf.controlNet(), ""));
    assertRefused(
        net.replace("{\"prompt\"", "{\"model\":\"portrait\",\"prompt\""),
        "controlnets[0].id",
        "it was made for stable-diffusion");
  }

  @Test
  void aControlNetWithoutAConfigMustBeUploadedAgain() {
    assertRefused(
        controlNets(shown(shelf.controlNetWithoutConfig(), "")),
        "controlnets[0].id",
        "be uploaded again");
  }

  static Stream<Arguments> wrongUses() {
    return Stream.of(
        Arguments.of(
            ",\"scale\":10.5",
            "scale",
            "10.5; the limit is 10.0 (fresco.limits.max-adapter-scale)"),
        Arguments.of(
            ",\"scale\":-11",
            "scale",
            "is -11.0; the least is -10.0 (fresco.limits.max-adapter-scale)"),
        Arguments.of(",\"scale\":1e999", "scale", "it must be finite"),
        Arguments.of(",\"scale\":\"1\"", "scale", "it must be a number"),
        Arguments.of(",\"weight\":1", "weight", "is not a known field"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongUses")
  void aWrongUseOfALoraIsNamed(String rest, String field, String detail) {
    assertRefused(loras(use(shelf.lora(), rest)), "loras[0]." + field, detail);
  }

  @Test
  void aLoraIsNamedOnce() {
    String id = shelf.lora();
    assertRefused(loras(use(id, ""), use(id, ",\"scale\":2")), "loras[1].id", "must be named once");
  }

  static Stream<Arguments> wrongControls() {
    return Stream.of(
        Arguments.of(",\"scale\":-0.5", "scale", "is -0.5; the least is 0"),
        Arguments.of(",\"scale\":11", "scale", "the limit is 10.0"),
        Arguments.of(",\"from\":-0.1", "from", "be 0 to below 1"),
        Arguments.of(",\"from\":1", "from", "be 0 to below 1"),
        Arguments.of(",\"from\":0.5,\"to\":0.5", "to", "be over from, 0.5, and at most 1"),
        Arguments.of(",\"to\":1.5", "to", "at most 1"),
        Arguments.of(",\"to\":0", "to", "be over from"),
        Arguments.of(",\"to\":\"1\"", "to", "it must be a number"),
        Arguments.of(",\"mode\":1", "mode", "is not a known field"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongControls")
  void aWrongUseOfAControlNetIsNamed(String rest, String field, String detail) {
    assertRefused(controlNets(shown(shelf.controlNet(), rest)), "controlnets[0]." + field, detail);
  }

  @Test
  void aControlNetMustBeShownSomething() {
    assertRefused(
        controlNets(use(shelf.controlNet(), "")),
        "controlnets[0].image",
        "be the picture that the ControlNet is shown");
    assertRefused(
        controlNets(use(shelf.controlNet(), ",\"image\":{\"base64\":\"AAAA\"}")),
        "controlnets[0].image.base64",
        "is of no supported kind");
  }

  @Test
  void modelsSayWhatTheyCan() {
    var emoji = caller.get("/v1/models/emoji").json();
    assertThat(emoji.at("/abilities/loras").booleanValue()).isTrue();
    assertThat(emoji.at("/abilities/guidance").asString()).isEqualTo("classifier-free");
    assertThat(caller.get("/v1/models/zold").json().at("/abilities/loras").booleanValue())
        .isFalse();
    var capabilities = caller.get("/v1/capabilities").json();
    assertThat(capabilities.get("kinds").toString())
        .isEqualTo("[\"text-to-image\",\"image-to-image\",\"edit\",\"recording\"]");
    Map.of("maxLoras", 8, "maxControlnets", 3, "maxImagePixels", 300000)
        .forEach(
            (name, value) ->
                assertThat(capabilities.at("/limits/" + name + "/value").intValue())
                    .isEqualTo(value));
    assertThat(capabilities.at("/limits/maxLoras/setting").asString())
        .isEqualTo("fresco.limits.max-loras");
  }
}
