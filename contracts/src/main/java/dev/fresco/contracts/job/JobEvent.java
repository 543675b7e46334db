package dev.fresco.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.Require;
import java.time.Instant;
import java.util.List;

/** Something that happened to a job. The type travels in the property {@code type}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = JobEvent.Queued.class, name = "queued"),
  @JsonSubTypes.Type(value = JobEvent.Assigned.class, name = "assigned"),
  @JsonSubTypes.Type(value = JobEvent.Started.class, name = "started"),
  @JsonSubTypes.Type(value = JobEvent.Step.class, name = "step"),
  @JsonSubTypes.Type(value = JobEvent.Succeeded.class, name = "succeeded"),
  @JsonSubTypes.Type(value = JobEvent.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = JobEvent.Cancelled.class, name = "cancelled"),
  @JsonSubTypes.Type(value = JobEvent.Expired.class, name = "expired")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface JobEvent {
  String jobId();

  Instant at();

  /** The state in which this event leaves the job. */
  JobState state();

  /** The router has the job in its queue. */
  record Queued(String jobId, Instant at) implements JobEvent {
    public Queued {
      requireHeader(jobId, at);
    }

    @Override
    public JobState state() {
      return JobState.QUEUED;
    }
  }

  /** The router chose a worker. */
  record Assigned(String jobId, Instant at, String workerId) implements JobEvent {
    public Assigned {
      requireHeader(jobId, at);
      Require.text("workerId", workerId);
    }

    @Override
    public JobState state() {
      return JobState.ASSIGNED;
    }
  }

  /**
   * The job's first picture joined a batch.
   *
   * @param warnings about the request, for example that a prompt was cut
   */
  record Started(String jobId, Instant at, String workerId, List<String> warnings)
      implements JobEvent {
    public Started {
      requireHeader(jobId, at);
      Require.text("workerId", workerId);
      warnings = warnings == null ? List.of() : List.copyOf(warnings);
    }

    public Started(String jobId, Instant at, String workerId) {
      this(jobId, at, workerId, List.of());
    }

    @Override
    public JobState state() {
      return JobState.RUNNING;
    }
  }

  /**
   * Steps were taken; counts are over all pictures of the job.
   *
   * @param preview a picture of the latents so far, or null
   */
  record Step(String jobId, Instant at, int stepsDone, int stepsTotal, Preview preview)
      implements JobEvent {
    public Step {
      requireHeader(jobId, at);
    }

    @Override
    public JobState state() {
      return JobState.RUNNING;
    }
  }

  /**
   * All pictures are stored, or the recording is.
   *
   * @param images none of a recording
   */
  record Succeeded(
      String jobId,
      Instant at,
      List<ImageResult> images,
      JobTimings timings,
      JobExecution execution,
      List<String> warnings)
      implements JobEvent {
    public Succeeded {
      requireHeader(jobId, at);
      images = List.copyOf(images);
      warnings = warnings == null ? List.of() : List.copyOf(warnings);
    }

    @Override
    public JobState state() {
      return JobState.SUCCEEDED;
    }
  }

  /** The job cannot succeed. */
  record Failed(String jobId, Instant at, ErrorCode code, String message) implements JobEvent {
    public Failed {
      requireHeader(jobId, at);
      Require.present("code", code);
      Require.text("message", message);
    }

    @Override
    public JobState state() {
      return JobState.FAILED;
    }
  }

  /** The job was cancelled before it ended. */
  record Cancelled(String jobId, Instant at, int stepsDone) implements JobEvent {
    public Cancelled {
      requireHeader(jobId, at);
    }

    @Override
    public JobState state() {
      return JobState.CANCELLED;
    }
  }

  /** The deadline passed before the job started. */
  record Expired(String jobId, Instant at) implements JobEvent {
    public Expired {
      requireHeader(jobId, at);
    }

    @Override
    public JobState state() {
      return JobState.EXPIRED;
    }
  }

  private static void requireHeader(String jobId, Instant at) {
    Require.text("jobId", jobId);
    Require.present("at", at);
  }

  /**
   * A preview in the object store; a later one of the same picture replaces it.
   *
   * @param image index of the picture in its job
   * @param step the step of that picture after which it was made
   */
  record Preview(int image, int step, String objectKey) {}

  /**
   * One finished picture.
   *
   * @param sha256 of the stored bytes, hexadecimal
   */
  record ImageResult(
      int index,
      long seed,
      int width,
      int height,
      String contentType,
      String sha256,
      String objectKey) {}

  /**
   * Milliseconds from acceptance to assignment, to the first step, to the last step, to the end.
   */
  record JobTimings(long queued, long prepared, long denoised, long decoded) {}

  /**
   * How the job ran.
   *
   * @param meanBatchSize members in the batch, averaged over this job's steps
   * @param mode {@link #MASKED} if every picture computed only what its mask reaches, else {@link
   *     #DENSE}
   * @param reason why an edit ran dense, in words; null for any other
   * @param recording id of the recording that was used, or that the job made; null if there is none
   * @param recordingHit whether an edit found a recording that it could use; null for any other
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record JobExecution(
      String workerId,
      double meanBatchSize,
      String mode,
      String reason,
      String recording,
      Boolean recordingHit) {
    public static final String DENSE = "dense";
    public static final String MASKED = "masked";

    /** Of a job that is no edit and no recording. */
    public JobExecution(String workerId, double meanBatchSize, String mode) {
      this(workerId, meanBatchSize, mode, null, null, null);
    }
  }
}
