package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.LongPrompts;
import dev.fresco.contracts.job.PromptOptions;
import dev.fresco.platform.image.TestImages;
import dev.fresco.platform.store.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Jobs that work from pictures: what is sent, what is kept and what is shown. */
class ImageJobsTest extends GatewayTest {
  private static final byte[] PICTURE = TestImages.noise("png", 128, 96, 1);

  private static String imageJob(String rest) {
    return """
        {"kind":"image-to-image","prompt":"a fox","seed":7,"image":{"base64":"%s"}%s}
        """
        .formatted(base64(PICTURE), rest);
  }

  private Caller.Answer accepted(String body) {
    Caller.Answer answer = caller.postJob(body);
    assertThat(answer.status()).as(answer.toString()).isEqualTo(202);
    return answer;
  }

  @Test
  void aPictureIsKeptForTheWorkerAndNeverSentThroughKafka() throws IOException {
    Caller.Answer answer = accepted(imageJob(""));
    String id = answer.text("/id");
    JobRequest sent = sent(id);
    assertThat(sent.kind()).isEqualTo(JobKind.IMAGE_TO_IMAGE);
    assertThat(sent.width()).isEqualTo(128);
    assertThat(sent.height()).isEqualTo(96);
    assertThat(sent.start().strength()).isEqualTo(0.8);
    JobImage image = sent.start().image();
    assertThat(image.object().objectKey()).isEqualTo("inputs/" + id + "/image");
    assertThat(image.object().sha256()).isEqualTo(Sha256.of(PICTURE));
    assertThat(image.object().bytes()).isEqualTo(PICTURE.length);
    assertThat(objects.get(image.object().objectKey())).hasValue(PICTURE);

    assertThat(answer.text("/progress/stepsTotal")).as("0.8 of 20 steps").isEqualTo("16");
    assertThat(answer.text("/request/strength")).isEqualTo("0.8");
    assertThat(answer.text("/request/image/sha256")).isEqualTo(Sha256.of(PICTURE));
    assertThat(answer.text("/request/image/contentType")).isEqualTo("image/png");
    assertThat(answer.toString()).doesNotContain("inputs/", "objectKey");
    Caller.Answer found = caller.get("/v1/jobs/" + id);
    assertThat(found.json().get("request")).isEqualTo(answer.json().get("request"));
  }

  @Test
  void aJpegOfTheSizeThatIsAskedForIsTaken() {
    byte[] jpeg = TestImages.noise("jpeg", 64, 64, 1);
    String body =
        """
        {"kind":"image-to-image","prompt":"a fox","width":64,"height":64,"strength":1,
         "image":{"base64":"%s"}}
        """;
    JobRequest sent = sent(accepted(body.formatted(base64(jpeg))).text("/id"));
    assertThat(sent.start().image().contentType()).isEqualTo("image/jpeg");
    assertThat(sent.stepsPerPicture()).isEqualTo(20);
  }

  /** A worker that counts otherwise is right: it is the one that takes the steps. */
  @Test
  void theWorkersCountOfStepsIsShown() {
    String id = accepted(imageJob(",\"strength\":0.33")).text("/id");
    assertThat(caller.get("/v1/jobs/" + id).text("/progress/stepsTotal")).isEqualTo("6");
    backstage.happened(new JobEvent.Step(id, Instant.now(), 1, 7, null));
    awaitState(id, "RUNNING");
    assertThat(caller.get("/v1/jobs/" + id).text("/progress/stepsTotal")).isEqualTo("7");
  }

  @Test
  void aTemplateIsNamedWhereItLies() {
    String template = shelf.template("default", 96, 160);
    for (String form :
        List.of(
            "\"template\":{\"id\":\"" + template + "\"}",
            "\"image\":{\"template\":\"" + template + "\"}")) {
      Caller.Answer answer =
          accepted("{\"kind\":\"image-to-image\",\"prompt\":\"a fox\"," + form + "}");
      JobRequest sent = sent(answer.text("/id"));
      assertThat(sent.start().image().object().objectKey()).isEqualTo("templates/" + template);
      assertThat(sent.start().image().template()).isEqualTo(template);
      assertThat(sent.height()).isEqualTo(160);
      assertThat(answer.text("/request/image/template")).isEqualTo(template);
    }
  }

  @Test
  void promptsAreSentAsTheyAreToBeRead() {
    Caller.Answer answer =
        accepted(
            "{\"prompt\":\"a fox\",\"prompt2\":\"oil\",\"negativePrompt2\":\"photo\","
                + "\"clipSkip\":2,\"longPrompts\":\"chunks\",\"model\":\"portrait\"}");
    assertThat(sent(answer.text("/id")).promptOptions())
        .isEqualTo(new PromptOptions("oil", "photo", 2, LongPrompts.CHUNKS));
    assertThat(answer.text("/request/prompt2")).isEqualTo("oil");
    assertThat(answer.text("/request/longPrompts")).isEqualTo("chunks");

    Caller.Answer plain = accepted("{\"prompt\":\"a fox\"}");
    assertThat(plain.text("/request/longPrompts")).isEqualTo("cut");
    assertThat(plain.text("/request/clipSkip")).isEqualTo("0");
    assertThat(plain.json().get("request").has("prompt2")).isFalse();
    assertThat(plain.json().get("request").has("image")).isFalse();
  }

  @Test
  void warningsAreShownFromTheStart() {
    String id = caller.acceptedJob();
    String warning = "the prompt was cut to 32 tokens";
    backstage.happened(
        new JobEvent.Started(id, Instant.now(), "worker-1", List.of(warning, "another")));
    Caller.Answer running = awaitState(id, "RUNNING");
    assertThat(running.text("/warnings/0")).isEqualTo(warning);
    assertThat(running.json().get("warnings")).hasSize(2);
    backstage.succeeded(id, "ab12");
    Caller.Answer ended = awaitState(id, "SUCCEEDED");
    assertThat(ended.json().get("warnings")).as("said again, shown once").hasSize(2);
    String failed = caller.acceptedJob();
    backstage.happened(new JobEvent.Started(failed, Instant.now(), "worker-1", List.of(warning)));
    backstage.happened(new JobEvent.Failed(failed, Instant.now(), ErrorCode.NOT_FINITE, "step 3"));
    assertThat(awaitState(failed, "FAILED").text("/warnings/0")).isEqualTo(warning);
  }

  @Test
  void aRepeatFindsTheJobAndItsPicture() throws IOException {
    String key = UUID.randomUUID().toString();
    String body = imageJob("");
    Caller.Answer first = caller.send(caller.keyedJob(key, body));
    Caller.Answer again = caller.send(caller.keyedJob(key, body));
    assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(again.text("/id")).isEqualTo(first.text("/id"));
    assertThat(objects.get("inputs/" + first.text("/id") + "/image")).hasValue(PICTURE);
  }

  /** The gateway died between keeping the picture with its key and sending the job. */
  @Test
  void aKeyWhoseJobWasNeverSentStillHasItsPicture() throws IOException {
    String key = UUID.randomUUID().toString();
    String first = caller.send(caller.keyedJob(key, imageJob(""))).text("/id");
    String reserved = redis.opsForValue().get("fresco:tenant:default:key:" + key);
    String unsent = "job_01K2C3D4E5F6G7H8J9" + key.substring(0, 8).toUpperCase();
    redis.opsForValue().set("fresco:tenant:default:key:" + key, reserved.replace(first, unsent));
    objects.put("inputs/" + unsent + "/image", PICTURE);

    Caller.Answer again = caller.send(caller.keyedJob(key, imageJob("")));

    assertThat(again.text("/id")).as(again.toString()).isEqualTo(unsent);
    String sentKey = sent(unsent).start().image().object().objectKey();
    assertThat(objects.get(sentKey)).hasValue(PICTURE);
  }

  /** Of calls at once with one key only one becomes a job; the others leave nothing behind. */
  @Test
  void callsThatLoseTheirKeyLeaveNoPictures() throws IOException {
    String key = UUID.randomUUID().toString();
    String body = imageJob(",\"labels\":{\"run\":\"" + key + "\"}");
    long before = inputFolders();
    List<Caller.Answer> answers =
        IntStream.range(0, 8)
            .mapToObj(n -> caller.sendLater(caller.keyedJob(key, body)))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    assertThat(answers.stream().map(answer -> answer.text("/id")).distinct()).hasSize(1);
    await().atMost(PATIENCE).until(() -> inputFolders() == before + 1);
  }

  private long inputFolders() throws IOException {
    objects.put("inputs/marker", new byte[] {1});
    Path inputs = objects.find("inputs/marker").orElseThrow().getFile().toPath().getParent();
    try (var files = Files.walk(inputs)) {
      return files.filter(file -> file.getFileName().toString().equals("image")).count();
    }
  }
}
