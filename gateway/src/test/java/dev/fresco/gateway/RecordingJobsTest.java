package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.job.JobEvent.JobExecution;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recordings are jobs like any other, asked for at their template's place. */
class RecordingJobsTest extends GatewayTest {

  private Caller.Answer record(String template, String key, String body) {
    var call =
        Caller.json(
            caller.to("/v1/templates/" + template + "/recordings"), BodyPublishers.ofString(body));
    return caller.send(key == null ? call : call.header("Idempotency-Key", key));
  }

  private Caller.Answer record(String template, String body) {
    return record(template, null, body);
  }

  @Test
  void aRecordingIsAJobOfItsTemplate() {
    String template = shelf.template("default", 96, 160);
    String lora = shelf.lora();
    Caller.Answer answer =
        record(
            template,
            """
            {"prompt":"a shelf","steps":12,"sampler":"euler","guidanceScale":1,
             "loras":[{"id":"%s"}],"labels":{"run":"night"}}
            """
                .formatted(lora));
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    String id = answer.text("/id");
    assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + id);
    JobRequest sent = sent(id);
    assertThat(sent.kind()).isEqualTo(JobKind.RECORDING);
    assertThat(sent.start().image().template()).isEqualTo(template);
    assertThat(sent.start().strength()).isEqualTo(1);
    assertThat(sent.mask()).isNull();
    assertThat(sent.width()).isEqualTo(96);
    assertThat(sent.height()).isEqualTo(160);
    assertThat(sent.sampler()).isEqualTo("euler");
    assertThat(sent.stepsTotal()).isEqualTo(12);
    assertThat(sent.guidanceScale()).isEqualTo(1);
    assertThat(sent.loras()).hasSize(1);
    assertThat(answer.text("/kind")).isEqualTo("recording");
    assertThat(answer.text("/request/image/template")).isEqualTo(template);

    String recording = "rec_" + "cd".repeat(16);
    backstage.succeeded(
        id, List.of(), new JobExecution("worker-1", 1, "dense", null, recording, null));
    Caller.Answer ended = awaitState(id, "SUCCEEDED");
    assertThat(ended.json().get("images")).isEmpty();
    assertThat(ended.text("/execution/recording")).isEqualTo(recording);
    assertThat(caller.get("/v1/jobs/" + id + "/images/0").status()).isEqualTo(404);
    assertThat(caller.get("/v1/jobs?kind=recording").text("/items/0/id")).isEqualTo(id);
  }

  @Test
  void nothingNeedBeSaidAndTheJobApiTakesTheSame() {
    String template = shelf.template("default", 128, 128);
    JobRequest sent = sent(record(template, "{}").text("/id"));
    assertThat(sent.prompt()).isEmpty();
    assertThat(sent.steps()).isEqualTo(20);
    Caller.Answer job =
        caller.postJob("{\"kind\":\"recording\",\"template\":{\"id\":\"" + template + "\"}}");
    assertThat(job.status()).as(job.toString()).isEqualTo(202);
    assertThat(sent(job.text("/id"))).isEqualTo(sent);
    assertThat(caller.get("/v1/capabilities").text("/kinds/3")).isEqualTo("recording");
  }

  /** The template is in the path, and part of what a key stands for. */
  @Test
  void aRepeatFindsItsJobAlsoWhenTheTemplateIsGone() {
    String key = UUID.randomUUID().toString();
    String template = shelf.template("default", 128, 128);
    String id = record(template, key, "{}").text("/id");
    String other = shelf.template("default", 128, 128);
    assertThat(record(other, key, "{}").status()).isEqualTo(409);
    shelf.deleteTemplate(template);
    Caller.Answer again = record(template, key, "{}");
    assertThat(again.text("/id")).as(again.toString()).isEqualTo(id);
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    await()
        .atMost(PATIENCE)
        .until(() -> record(template, "{\"steps\":0}"), answer -> answer.status() == 404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"seed":1}                        | seed         | be left out where kind is recording
          {"count":2}                       | count        | be left out where kind is recording
          {"strength":0.5}                  | strength     | be left out where kind is recording
          {"image":{"template":"tpl_x"}}    | image        | be left out where kind is recording
          {"mask":{}}                       | mask         | be left out, or kind must be edit
          {"kind":"edit"}                   | kind         | the path says it
          {"template":{"id":"tpl_x"}}       | template     | the path says it
          {"steps":1000}                    | steps        | the limit is 150
          {"width":64}                      | template.id  | is 128x128; it must be 64x128
          {"model":"quick"}                 | kind         | known are text-to-image, image-to-image (model quick)
          []                                | body         | must be an object
          """)
  void whatARecordingHasNotIsRefused(String body, String field, String detail) {
    long before = requestedSoFar();
    Caller.Answer answer = record(shelf.template("default", 128, 128), body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(422);
    assertThat(answer.text("/detail")).contains(detail);
    assertThat(answer.json().get("errors"))
        .as(answer.toString())
        .anyMatch(e -> field.equals(e.get("field").asString()));
    assertThat(requestedSoFar()).isEqualTo(before);
  }

  @Test
  void anUploadIsRecordedByItsId() {
    Caller.Answer answer =
        caller.postJob("{\"kind\":\"recording\",\"template\":{\"base64\":\"AAAA\"}}");
    assertThat(answer.status()).isEqualTo(422);
    Caller.Answer none = caller.postJob("{\"kind\":\"recording\"}");
    assertThat(none.text("/detail"))
        .isEqualTo("template.id is missing or blank; it must be the template to record");
    String theirs = shelf.template("somebody-else", 128, 128);
    assertThat(record(theirs, "{}").status()).isEqualTo(404);
  }
}
