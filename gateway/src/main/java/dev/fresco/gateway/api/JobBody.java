package dev.fresco.gateway.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.job.JobEvent.ImageResult;
import dev.fresco.contracts.job.JobEvent.JobExecution;
import dev.fresco.contracts.job.JobEvent.JobTimings;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.JobState;
import dev.fresco.contracts.job.ShownRequest;
import dev.fresco.gateway.view.JobEnding;
import dev.fresco.gateway.view.JobView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/** A job as callers see it. */
@Schema(name = "Job")
public record JobBody(
    @Schema(example = "job_01K2C3D4E5F6G7H8J9KAMBNCPD") String id,
    JobState state,
    JobKind kind,
    Instant createdAt,
    Progress progress,
    @Schema(description = "Only while the job is queued.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        Queue queue,
    @Schema(description = "As understood, every default filled in.") ShownRequest request,
    List<Image> images,
    JobEnding.Failure error,
    List<String> warnings,
    @Schema(description = "Milliseconds; only of a job that succeeded.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        JobTimings timings,
    @JsonInclude(JsonInclude.Include.NON_NULL) JobExecution execution,
    @JsonInclude(JsonInclude.Include.NON_NULL) Instant endedAt) {

  /** Over all pictures of the job. */
  public record Progress(int stepsDone, int stepsTotal) {}

  /**
   * @param position how many jobs were accepted before this one and still wait
   */
  public record Queue(int position) {}

  /** A finished picture. */
  @Schema(name = "JobImage")
  public record Image(
      String url, long seed, int width, int height, String contentType, String sha256) {

    static Image of(String jobId, ImageResult result) {
      return new Image(
          JobPaths.image(jobId, result.index()),
          result.seed(),
          result.width(),
          result.height(),
          result.contentType(),
          result.sha256());
    }
  }

  /**
   * @param position in the queue, or null if the job is not in it
   */
  static JobBody of(JobView view, Integer position) {
    JobRequest request = view.requested().request();
    JobEnding ending = view.ending();
    return new JobBody(
        view.id(),
        view.state(),
        request.kind(),
        view.requested().createdAt(),
        new Progress(view.progress().stepsDone(), view.progress().stepsTotal()),
        position == null ? null : new Queue(position),
        ShownRequest.of(request),
        view.images().stream().map(image -> Image.of(view.id(), image)).toList(),
        ending == null ? null : ending.error(),
        view.allWarnings(),
        ending == null ? null : ending.timings(),
        ending == null ? null : ending.execution(),
        ending == null ? null : ending.at());
  }
}
