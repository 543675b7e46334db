package dev.fresco.gateway.api;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobCancelRequested;
import dev.fresco.gateway.config.GatewaySettings;
import dev.fresco.gateway.stream.JobWaiting;
import dev.fresco.gateway.view.JobView;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.platform.store.Sha256;
import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** One job: look at it, wait for it, cancel it. */
@RestController
@RequestMapping(path = JobPaths.JOBS + "/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Jobs")
class JobController {
  private static final int LONGEST_WAIT_SECONDS = 60;

  private final JobLookup jobs;
  private final JobWaiting waiting;
  private final EventPublisher events;
  private final GatewaySettings settings;
  private final Clock clock;
  private final JsonMapper json;

  JobController(
      JobLookup jobs,
      JobWaiting waiting,
      EventPublisher events,
      GatewaySettings settings,
      Clock clock,
      JsonMapper json) {
    this.jobs = jobs;
    this.waiting = waiting;
    this.events = events;
    this.settings = settings;
    this.clock = clock;
    this.json = json;
  }

  @GetMapping
  @Operation(
      summary = "Look at a job, or wait for its end",
      description =
          "The answer has an ETag: send it as If-None-Match, and 304 says that nothing changed.")
  @ApiResponse(
      responseCode = "200",
      description = "The job",
      content = @Content(schema = @Schema(implementation = JobBody.class)))
  @ApiResponse(
      responseCode = "304",
      description = "It is as the caller knows it",
      content = @Content)
  CompletableFuture<ResponseEntity<String>> get(
      @PathVariable String id,
      @Parameter(description = "Seconds, 0 to 60, to hold the answer until the job has ended")
          @RequestParam(defaultValue = "0")
          int wait) {
    if (wait < 0 || wait > LONGEST_WAIT_SECONDS) {
      int limit = wait < 0 ? 0 : LONGEST_WAIT_SECONDS;
      throw ProblemException.invalid(
          "wait is " + wait + "; it must be 0 to " + LONGEST_WAIT_SECONDS + " seconds",
          List.of(new FieldProblem("wait", wait, limit, "must be 0 to 60 seconds")));
    }
    JobView now = jobs.get(id);
    if (wait == 0 || now.state().isTerminal()) {
      return CompletableFuture.completedFuture(tagged(now));
    }
    return waiting
        .untilEnded(id, () -> jobs.get(id), Duration.ofSeconds(wait))
        .thenApply(this::tagged);
  }

  @DeleteMapping
  @Operation(
      summary = "Cancel a job",
      description = "Takes effect at the job's next step. A job that has ended stays as it is.")
  @ApiResponse(responseCode = "202", description = "It will be cancelled unless it ends before")
  @ApiResponse(responseCode = "200", description = "It had ended; nothing changes")
  ResponseEntity<JobBody> cancel(@PathVariable String id) {
    JobView view = jobs.get(id);
    if (view.state().isTerminal()) {
      return ResponseEntity.ok(jobs.body(view));
    }
    events.publishAndWait(
        Topics.JOBS_CANCELLED,
        id,
        new JobCancelRequested(id, clock.instant()),
        settings.sendLimit());
    return ResponseEntity.accepted().body(jobs.body(view));
  }

  /** Spring answers 304 by itself if the caller has this tag. */
  private ResponseEntity<String> tagged(JobView view) {
    String body = json.writeValueAsString(jobs.body(view));
    return ResponseEntity.ok()
        .eTag(Sha256.of(body))
        .contentType(MediaType.APPLICATION_JSON)
        .body(body);
  }
}
