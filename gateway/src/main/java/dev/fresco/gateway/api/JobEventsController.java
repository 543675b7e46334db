package dev.fresco.gateway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobState;
import dev.fresco.gateway.stream.StreamedEvent;
import dev.fresco.gateway.view.JobEnding;
import dev.fresco.gateway.view.JobView;
import dev.fresco.platform.web.EventStreams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** A job's events as server-sent events. */
@RestController
@Tag(name = "Jobs")
class JobEventsController {
  private static final String EXAMPLE =
      """
      id: 17-0
      event: step
      data: {"stepsDone":5,"stepsTotal":20,"preview":"/v1/jobs/job_01K2C3D4E5F6G7H8J9KAMBNCPD/previews/0?step=5"}

      id: 33-0
      event: state
      data: {"id":"job_01K2C3D4E5F6G7H8J9KAMBNCPD","state":"SUCCEEDED","images":[]}
      """;

  private final JobLookup jobs;
  private final EventStreams<StreamedEvent> streams;
  private final JsonMapper json;

  JobEventsController(JobLookup jobs, EventStreams<StreamedEvent> streams, JsonMapper json) {
    this.jobs = jobs;
    this.streams = streams;
    this.json = json;
  }

  @GetMapping(path = JobPaths.JOBS + "/{id}/events")
  @Operation(
      summary = "Follow a job",
      description =
          "Server-sent events: state and step. The stream begins with the job's first event, or"
              + " after Last-Event-ID, and ends after the job's end. A comment comes every 15 s. The"
              + " events are kept for an hour after the job's end.")
  @ApiResponse(
      responseCode = "200",
      description = "The stream",
      content =
          @Content(
              mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
              examples = @ExampleObject(EXAMPLE)))
  @ApiResponse(
      responseCode = "204",
      description = "The job has ended, and nothing after Last-Event-ID is kept any more")
  void follow(
      @PathVariable String id,
      @Parameter(description = "id of the last event that the caller has seen")
          @RequestHeader(name = "Last-Event-ID", required = false)
          String lastEventId,
      HttpServletRequest call,
      HttpServletResponse answer)
      throws IOException {
    String lastId = EventStreams.lastId(lastEventId);
    JobView view = jobs.get(id);
    if (view.state().isTerminal() && streams.isExhausted(id, lastId)) {
      // A browser comes back after every end, unless it is told that there is nothing.
      answer.setStatus(HttpServletResponse.SC_NO_CONTENT);
      return;
    }
    streams.stream(
        call,
        answer,
        new EventStreams.Following<>(
            id, lastId, () -> jobs.hasEnded(id), events -> render(id, events)));
  }

  private byte[] render(String jobId, List<StreamedEvent> events) {
    StringBuilder text = new StringBuilder();
    for (StreamedEvent streamed : events) {
      boolean isStep = streamed.event() instanceof JobEvent.Step;
      text.append("id: ").append(streamed.id()).append('\n');
      text.append("event: ").append(isStep ? "step" : "state").append('\n');
      text.append("data: ").append(json.writeValueAsString(data(jobId, streamed.event())));
      text.append("\n\n");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static Object data(String jobId, JobEvent event) {
    if (event instanceof JobEvent.Step step) {
      String preview = step.preview() == null ? null : JobPaths.preview(jobId, step.preview());
      return new StepData(step.stepsDone(), step.stepsTotal(), preview);
    }
    List<JobBody.Image> images = null;
    JobEnding.Failure error = null;
    List<String> warnings = null;
    if (event instanceof JobEvent.Succeeded succeeded) {
      images = succeeded.images().stream().map(image -> JobBody.Image.of(jobId, image)).toList();
      warnings = succeeded.warnings();
    } else if (event instanceof JobEvent.Started started) {
      warnings = started.warnings();
    } else if (event instanceof JobEvent.Failed failed) {
      error = new JobEnding.Failure(failed.code(), failed.message());
    }
    return new StateData(jobId, event.state(), event.at(), images, error, warnings);
  }

  /**
   * @param preview address of a picture of the latents so far, or null
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record StepData(int stepsDone, int stepsTotal, String preview) {}

  /**
   * @param images null unless the job succeeded
   * @param error null unless it failed
   * @param warnings about the request; null unless the job started or succeeded
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record StateData(
      String id,
      JobState state,
      Instant at,
      List<JobBody.Image> images,
      JobEnding.Failure error,
      List<String> warnings) {}
}
