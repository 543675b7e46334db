package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.contracts.job.JobState;
import dev.fresco.contracts.job.Priority;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A job from its acceptance to its end, as callers see it. */
class JobWayTest extends GatewayTest {

  @Test
  void aJobIsAcceptedAndSentWithEveryDefaultFilledIn() {
    Caller.Answer answer =
        caller.postJob(
            "{\"kind\":\"text-to-image\",\"prompt\":\"a fox\",\"priority\":\"high\","
                + "\"labels\":{\"team\":\"ads\"}}");

    assertThat(answer.status()).isEqualTo(202);
    String id = answer.text("/id");
    assertThat(id).matches("job_[0-9A-HJKMNP-TV-Z]{26}");
    assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + id);
    assertThat(answer.text("/state")).isEqualTo("QUEUED");
    assertThat(answer.text("/progress/stepsTotal")).isEqualTo("20");
    assertThat(answer.json().has("error")).isTrue();
    assertThat(answer.json().get("images").isEmpty()).isTrue();

    JobRequested sent =
        codec.read(backstage.records(Topics.JOBS_REQUESTED, id).get(0).value(), JobRequested.class);
    assertThat(sent.request().model()).isEqualTo("emoji");
    assertThat(sent.request().width()).isEqualTo(128);
    assertThat(sent.request().sampler()).isEqualTo("ddim");
    assertThat(sent.request().guidanceScale()).isEqualTo(5.0);
    assertThat(sent.request().priority()).isEqualTo(Priority.HIGH);
    assertThat(sent.request().labels()).containsEntry("team", "ads");
    assertThat(answer.json().at("/request/seed").longValue()).isEqualTo(sent.request().seed());

    Caller.Answer found = caller.get("/v1/jobs/" + id);
    assertThat(found.status()).isEqualTo(200);
    assertThat(found.json().get("request")).isEqualTo(answer.json().get("request"));
  }

  @Test
  void aJobIsSeenThroughAllItsStates() {
    String id = caller.acceptedJob();
    backstage.queued(id);
    backstage.assigned(id);
    awaitState(id, "ASSIGNED");
    backstage.started(id);
    backstage.step(id, 7);
    await()
        .atMost(PATIENCE)
        .until(() -> "7".equals(caller.get("/v1/jobs/" + id).text("/progress/stepsDone")));
    assertThat(caller.get("/v1/jobs/" + id).text("/state")).isEqualTo("RUNNING");
    backstage.succeeded(id, "ab12");

    Caller.Answer ended = awaitState(id, "SUCCEEDED");

    assertThat(ended.text("/images/0/url")).isEqualTo("/v1/jobs/" + id + "/images/0");
    assertThat(ended.text("/images/0/sha256")).isEqualTo("ab12");
    assertThat(ended.text("/progress/stepsDone")).isEqualTo("20");
    assertThat(ended.text("/timings/denoised")).isEqualTo("700");
    assertThat(ended.text("/execution/meanBatchSize")).isEqualTo("3.5");
    assertThat(ended.text("/warnings/0")).contains("32 tokens");
    assertThat(ended.json().has("queue")).isFalse();
    assertThat(ended.toString()).doesNotContain("objectKey");
  }

  @Test
  void aFailedJobSaysWhy() {
    String id = caller.acceptedJob();
    backstage.happened(
        new JobEvent.Failed(id, Instant.now(), ErrorCode.NOT_FINITE, "step 3 gave NaN"));
    Caller.Answer ended = awaitState(id, "FAILED");
    assertThat(ended.text("/error/code")).isEqualTo("not_finite");
    assertThat(ended.text("/error/message")).isEqualTo("step 3 gave NaN");
  }

  @Test
  void theQueueShowsHowManyWaitBefore() {
    String first = caller.acceptedJob();
    String second = caller.acceptedJob();
    int before = caller.get("/v1/jobs/" + first).json().at("/queue/position").intValue();
    int after = caller.get("/v1/jobs/" + second).json().at("/queue/position").intValue();
    assertThat(after).isEqualTo(before + 1);
    backstage.started(first);
    awaitState(first, "RUNNING");
    assertThat(caller.get("/v1/jobs/" + second).json().at("/queue/position").intValue())
        .isEqualTo(after - 1);
  }

  @Test
  void waitingHoldsTheAnswerUntilTheEnd() {
    String id = caller.acceptedJob();
    CompletableFuture<Caller.Answer> waiting =
        caller.sendLater(caller.to("/v1/jobs/" + id + "?wait=20"));
    backstage.started(id);
    awaitState(id, "RUNNING");
    assertThat(waiting).isNotDone();
    backstage.succeeded(id, "ab12");
    assertThat(waiting.join().text("/state")).isEqualTo("SUCCEEDED");
  }

  @Test
  void waitingEndsWithTheSeconds() {
    String id = caller.acceptedJob();
    assertThat(caller.get("/v1/jobs/" + id + "?wait=1").text("/state")).isEqualTo("QUEUED");
    assertThat(caller.get("/v1/jobs/" + id + "?wait=61").status()).isEqualTo(422);
    assertThat(caller.get("/v1/jobs/" + id + "?wait=-1").text("/errors/0/field")).isEqualTo("wait");
    assertThat(caller.get("/v1/jobs/" + id + "?wait=soon").status()).isEqualTo(400);
  }

  @Test
  void anUnchangedJobNeedNotBeSentAgain() {
    String id = caller.acceptedJob();
    backstage.started(id);
    Caller.Answer first = awaitState(id, "RUNNING");
    String tag = first.header("ETag");
    Caller.Answer again = caller.send(caller.to("/v1/jobs/" + id).header("If-None-Match", tag));
    assertThat(again.status()).isEqualTo(304);
    assertThat(again.bytes()).isEmpty();
    backstage.succeeded(id, "ab12");
    awaitState(id, "SUCCEEDED");
    assertThat(caller.send(caller.to("/v1/jobs/" + id).header("If-None-Match", tag)).status())
        .isEqualTo(200);
  }

  @Test
  void cancellingIsPassedOnWhileTheJobLives() {
    String id = caller.acceptedJob();
    Caller.Answer cancelled = caller.delete("/v1/jobs/" + id);
    assertThat(cancelled.status()).isEqualTo(202);
    assertThat(cancelled.text("/id")).isEqualTo(id);
    assertThat(backstage.records(Topics.JOBS_CANCELLED, id)).hasSize(1);

    backstage.happened(new JobEvent.Cancelled(id, Instant.now(), 4));
    awaitState(id, JobState.CANCELLED.name());
    Caller.Answer again = caller.delete("/v1/jobs/" + id);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.text("/state")).isEqualTo("CANCELLED");
    assertThat(backstage.records(Topics.JOBS_CANCELLED, id)).hasSize(1);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    for (String path :
        new String[] {
          "/v1/jobs/job_01K2C3D4E5F6G7H8J9KAMBNCPD",
          "/v1/jobs/nonsense",
          "/v1/jobs/job_01K2C3D4E5F6G7H8J9KAMBNCPD/events",
          "/v1/jobs/job_01K2C3D4E5F6G7H8J9KAMBNCPD/images/0",
          "/v1/models/dalle",
          "/v1/nothing"
        }) {
      Caller.Answer answer = caller.get(path);
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
      assertThat(answer.text("/code")).isEqualTo("not_found");
      assertThat(answer.text("/instance")).isEqualTo(path);
    }
    assertThat(caller.delete("/v1/jobs/job_01K2C3D4E5F6G7H8J9KAMBNCPD").status()).isEqualTo(404);
  }
}
