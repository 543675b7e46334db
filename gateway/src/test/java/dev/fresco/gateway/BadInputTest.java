package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Wrong requests get a problem document that names the field, and change nothing. */
class BadInputTest extends GatewayTest {
  private long before;

  @BeforeEach
  void countRequests() {
    before = requestedSoFar();
  }

  @AfterEach
  void nothingWasWritten() {
    assertThat(requestedSoFar()).isEqualTo(before);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
      {"prompt":"a","steps":10000}           | steps          | steps is 10000; the limit is 150 (fresco.limits.max-steps)
      {"prompt":"a","steps":0}               | steps          | steps is 0; the least is 1
      {"prompt":"a","steps":-3}              | steps          | steps is -3; the least is 1
      {"prompt":"a","steps":"20"}            | steps          | steps is "20"; it must be an integer
      {"prompt":"a","steps":1.5}             | steps          | steps is 1.5; it must be an integer
      {"prompt":"a","steps":20.0}            | steps          | it must be an integer
      {"prompt":"a","steps":true}            | steps          | it must be an integer
      {"prompt":"a","width":100}             | width          | width is 100; it must be a multiple of 32 (model emoji)
      {"prompt":"a","height":0}              | height         | height is 0; the least is 64 (model emoji)
      {"prompt":"a","height":8192}           | height         | height is 8192; the limit is 512 (model emoji)
      {"prompt":"a","width":99999999999999999999} | width     | it must be an integer of 64 bits
      {"prompt":"a","guidanceScale":-1}      | guidanceScale  | guidanceScale is -1.0; the least is 0
      {"prompt":"a","guidanceScale":1e9}     | guidanceScale  | the limit is 20.0 (model emoji)
      {"prompt":"a","guidanceScale":1e999}   | guidanceScale  | it must be finite
      {"prompt":"a","guidanceScale":"NaN"}   | guidanceScale  | it must be a number
      {"prompt":"a","sampler":"magic"}       | sampler        | sampler is "magic"; known are ddim, euler (model emoji)
      {"prompt":"a","seed":-1}               | seed           | seed is -1; the least is 0
      {"prompt":"a","seed":9223372036854775808} | seed        | it must be an integer of 64 bits
      {"prompt":"a","seed":9223372036854775807,"count":2} | seed | the limit is 9223372036854775806
      {"prompt":"a","count":5}               | count          | count is 5; the limit is 4 (fresco.limits.max-count)
      {"prompt":"a","count":0}               | count          | count is 0; the least is 1
      {"prompt":"a","priority":"urgent"}     | priority       | priority is "urgent"; known are low, normal, high
      {"prompt":"a","deadline":"2001-01-01T00:00:00Z"} | deadline | it must be after
      {"prompt":"a","deadline":"tomorrow"}   | deadline       | it must be a time such as
      {"prompt":"a","deadline":1893456000}   | deadline       | it must be a time such as
      {"prompt":"a","labels":{"a":1}}        | labels.a       | it must be a string
      {"prompt":"a","labels":["a"]}          | labels         | it must be an object of strings
      {"prompt":"a","labels":{"a":"","b":"","c":"","d":""}} | labels | the limit is 3 (fresco.limits.max-labels)
      {"prompt":"a","labels":{"no space":"x"}} | labels       | labels is "no space"; it must have keys like
      {"prompt":"a","model":"dalle"}         | model          | model is "dalle"; known are emoji, portrait, quick, zold
      {"prompt":"a","kind":"erase"}          | kind           | kind is "erase"; known are text-to-image, image-to-image, edit, recording
      {"prompt":"a","kind":7}                | kind           | kind is 7; it must be a string
      {"prompt":"a","prompt2":"b"}           | prompt2        | prompt2 is "b"; it must be left out: model emoji reads one prompt only
      {"prompt":"a","prompt2":7}             | prompt2        | prompt2 is 7; it must be a string
      {"prompt":"a","negativePrompt2":"b"}   | negativePrompt2 | it must be left out: model emoji reads no second negative prompt
      {"prompt":"a","model":"quick","negativePrompt":"b"} | negativePrompt | it must be left out: model quick knows no negative prompts
      {"prompt":"a","model":"quick","negativePrompt2":"b"} | negativePrompt2 | it must be left out: model quick reads no second negative prompt
      {"prompt":"a","clipSkip":3}            | clipSkip       | clipSkip is 3; the limit is 2 (model emoji)
      {"prompt":"a","clipSkip":1,"model":"quick"} | clipSkip  | clipSkip is 1; the limit is 0 (model quick)
      {"prompt":"a","clipSkip":-1}           | clipSkip       | clipSkip is -1; the least is 0
      {"prompt":"a","clipSkip":1.5}          | clipSkip       | it must be an integer
      {"prompt":"a","longPrompts":"fold"}    | longPrompts    | longPrompts is "fold"; known are cut, chunks
      {"prompt":"a","longPrompts":"chunks","model":"quick"} | longPrompts | longPrompts is "chunks"; known are cut (model quick)
      {"prompt":"a","longPrompts":true}      | longPrompts    | it must be a string
      {"prompt":"a","strength":0.5}          | strength       | strength is "0.5"; it must be left out, or kind must be image-to-image
      {"prompt":"a","image":{}}              | image          | image is missing or blank; it must have either base64 or template
      {"prompt":"a","image":"x.png"}         | image          | image is "x.png"; it must be an object
      {"prompt":"a","template":{}}           | template.id    | template.id is missing or blank; it must be the id of a template
      {"prompt":"a","template":"tpl_1"}      | template       | it must be an object
      {"prompt":"a","loras":{}}              | loras          | it must be a list of objects
      {"prompt":"a","loras":["lora_1"]}      | loras[0]       | loras[0] is "lora_1"; it must be an object
      {"prompt":"a","loras":[{}]}            | loras[0].id    | loras[0].id is missing or blank; it must be the id of a LoRA (POST /v1/loras)
      {"prompt":"a","loras":[{"id":7}]}      | loras[0].id    | loras[0].id is 7; it must be a string
      {"prompt":"a","loras":[{"id":"x"}]}    | loras[0].id    | loras[0].id is "x"; it must be the id of a LoRA (POST /v1/loras)
      {"prompt":"a","loras":[{"id":"x"}],"model":"zold"} | loras | loras is 1; it must be left out: model zold takes none
      {"prompt":"a","loras":[{},{},{},{},{},{},{},{},{}]} | loras | loras are 9; the limit is 8 (fresco.limits.max-loras)
      {"prompt":"a","controlnets":[{},{},{},{}]} | controlnets | controlnets are 4; the limit is 3 (fresco.limits.max-controlnets)
      {"prompt":"a","controlnets":[{}],"model":"quick"} | controlnets | it must be left out: model quick takes none
      {"prompt":"a","colour":"red"}          | colour         | colour is not a known field
      {"prompt":"a","Steps":3}               | Steps          | Steps is not a known field
      {"prompt":7}                           | prompt         | prompt is 7; it must be a string
      {"prompt":"a","negativePrompt":[]}     | negativePrompt | it must be a string
      {"prompt":"  "}                        | prompt         | prompt is missing or blank; it must say what to paint
      {"prompt":null}                        | prompt         | prompt is missing or blank
      {}                                     | prompt         | prompt is missing or blank
      """)
  void aWrongFieldIsNamed(String body, String field, String detail) {
    Caller.Answer answer = caller.postJob(body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.text("/code")).isEqualTo("invalid_request");
    assertThat(answer.text("/detail")).contains(detail);
    assertThat(answer.json().get("errors")).hasSize(1);
    JsonNode error = answer.json().at("/errors/0");
    assertThat(error.get("field").asString()).isEqualTo(field);
    assertThat(error.get("message").asString()).isNotBlank();
    assertThat(error.has("limit")).isTrue();
  }

  @Test
  void theProblemIsAsTheApiPromises() {
    JsonNode problem = caller.postJob("{\"prompt\":\"a\",\"steps\":10000}").json();
    assertThat(problem.get("type").asString())
        .isEqualTo("https://fresco.dev/errors/invalid-request");
    assertThat(problem.get("title").asString()).isEqualTo("Invalid request");
    assertThat(problem.get("status").intValue()).isEqualTo(422);
    assertThat(problem.get("instance").asString()).isEqualTo("/v1/jobs");
    assertThat(problem.at("/errors/0/value").intValue()).isEqualTo(10000);
    assertThat(problem.at("/errors/0/limit").intValue()).isEqualTo(150);
    assertThat(problem.at("/errors/0/message").asString()).isEqualTo("must be at most 150");
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() {
    Caller.Answer answer =
        caller.postJob(
            "{\"prompt\":\"\",\"steps\":0,\"width\":\"wide\",\"hue\":1,\"sampler\":\"x\","
                + "\"model\":\"emoji\",\"count\":9}");
    List<String> fields =
        answer.json().get("errors").valueStream().map(e -> e.get("field").asString()).toList();
    assertThat(fields)
        .containsExactlyInAnyOrder("prompt", "steps", "width", "hue", "sampler", "count");
  }

  /** However much is wrong, the answer stays short; and no character is cut in two. */
  @Test
  void ofVeryManyFaultsTheFirstAreSaid() {
    String fox = "\uD83E\uDD8A";
    StringBuilder body = new StringBuilder("{\"prompt\":\"a\"");
    for (int n = 0; n < 3000; n++) {
      body.append(",\"x").append(fox.repeat(100)).append(n).append("\":1");
    }
    Caller.Answer answer = caller.postJob(body.append("}").toString());
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.json().get("errors")).hasSize(20);
    assertThat(answer.text("/detail")).endsWith("; and 2980 more");
    assertThat(answer.text("/errors/0/field")).isEqualTo("x" + fox.repeat(59) + "…");
    assertThat(answer.bytes().length).isLessThan(30_000);
  }

  @Test
  void theNameOfALabelIsShortened() {
    String name = "k".repeat(5000);
    Caller.Answer wrong = caller.postJob("{\"prompt\":\"a\",\"labels\":{\"" + name + "\":1}}");
    assertThat(wrong.text("/errors/0/field")).isEqualTo("labels." + "k".repeat(60) + "…");
    Caller.Answer tooLong =
        caller.postJob(
            "{\"prompt\":\"a\",\"labels\":{\"" + name + "\":\"" + "v".repeat(300) + "\"}}");
    assertThat(tooLong.bytes().length).isLessThan(2000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "",
        "{\"prompt\":\"a\",}",
        "{\"prompt\":\"a\"} x",
        "{\"prompt\":\"a\"}{}",
        "{\"prompt\":\"a\",\"prompt\":\"b\"}",
        "{\"prompt\":\"a\",\"labels\":{\"x\":\"1\",\"x\":\"2\"}}",
        "{'prompt':'a'}",
        "{\"prompt\":\"a\",\"guidanceScale\":NaN}"
      })
  void whatIsNotJsonIsMalformed(String body) {
    Caller.Answer answer = caller.postJob(body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    assertThat(answer.text("/code")).isEqualTo("malformed_request");
    assertThat(answer.text("/detail")).startsWith("the body is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "\"a fox\"", "17", "null"})
  void whatIsNoObjectIsNamed(String body) {
    Caller.Answer answer = caller.postJob(body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
    assertThat(answer.text("/errors/0/field")).isEqualTo("body");
  }

  @Test
  void deepNestingIsRefused() {
    assertThat(caller.postJob("[".repeat(100_000)).status()).isEqualTo(400);
  }

  @Test
  void notUtf8IsMalformed() {
    byte[] latin = "{\"prompt\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
    HttpRequest.Builder request =
        Caller.json(caller.to("/v1/jobs"), BodyPublishers.ofByteArray(latin));
    assertThat(caller.send(request).status()).isEqualTo(400);
  }

  @Test
  void aPromptOfAMegabyteIsNamedAndNotSentBack() {
    Caller.Answer answer = caller.postJob("{\"prompt\":\"" + "x".repeat(1 << 20) + "\"}");
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text("/detail"))
        .isEqualTo(
            "prompt has 1048576 characters; the limit is 4000"
                + " (fresco.limits.max-prompt-characters)");
    assertThat(answer.text("/errors/0/field")).isEqualTo("prompt");
    assertThat(answer.bytes().length).isLessThan(2000);
  }

  @Test
  void aBodyThatGrowsTooLargeIsRefused() {
    byte[] piece = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
    Stream<byte[]> pieces = Stream.generate(() -> piece).limit(3);
    HttpRequest.Builder request =
        Caller.json(caller.to("/v1/jobs"), BodyPublishers.ofByteArrays(pieces::iterator));
    Caller.Answer answer = caller.send(request);
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.text("/code")).isEqualTo("payload_too_large");
    assertThat(answer.text("/errors/0/field")).isEqualTo("body");
  }

  /** The answer comes before the body was sent: it can only depend on the announced length. */
  @Test
  void aBodyThatSaysItIsTooLargeIsNotRead() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      String head =
          "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
              + "Content-Length: 104857600\r\n\r\n{";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String status = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
      assertThat(status).isEqualTo("HTTP/1.1 413");
    }
  }

  @Test
  void aWrongMethodOrContentTypeIsNamed() {
    Caller.Answer put = caller.send(caller.to("/v1/jobs").PUT(BodyPublishers.ofString("{}")));
    assertThat(put.status()).isEqualTo(405);
    assertThat(put.text("/code")).isEqualTo("method_not_allowed");
    assertThat(put.header("Allow")).contains("GET", "POST");
    HttpRequest.Builder xml =
        caller
            .to("/v1/jobs")
            .header("Content-Type", "application/xml")
            .POST(BodyPublishers.ofString("<a/>"));
    assertThat(caller.send(xml).status()).isEqualTo(415);
    assertThat(caller.send(caller.to("/v1/jobs").POST(BodyPublishers.ofString("{}"))).status())
        .isEqualTo(415);
    Caller.Answer html = caller.send(caller.to("/v1/jobs").header("Accept", "image/gif"));
    assertThat(html.status()).isEqualTo(406);
  }

  @ParameterizedTest
  @ValueSource(strings = {"has space", "LONG"})
  void aWrongIdempotencyKeyIsNamed(String key) {
    String sent = key.equals("LONG") ? "k".repeat(256) : key;
    Caller.Answer answer = caller.send(caller.keyedJob(sent, "{\"prompt\":\"a\"}"));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text("/errors/0/field")).isEqualTo("Idempotency-Key");
  }
}
