package dev.fresco.worker.prepare;

import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.EngineException;
import dev.fresco.planning.queue.RecordingNeed;
import dev.fresco.worker.config.EditSettings;
import dev.fresco.worker.edit.EditExecution;
import dev.fresco.worker.edit.EditPreparation;
import dev.fresco.worker.edit.EditTask;
import dev.fresco.worker.edit.TemplateRun;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.job.PreparedJob;
import dev.fresco.worker.loop.DenoisingLoop;
import dev.fresco.worker.loop.RecordingRun;
import dev.fresco.worker.recording.RecordingInMaking;
import dev.fresco.worker.recording.Recordings;
import dev.fresco.worker.recording.Recordings.Fetch;
import dev.fresco.worker.source.JobSources;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes edits and recordings ready, and looks for the recordings that edits could use. */
public final class EditJobs {
  private static final Logger log = LoggerFactory.getLogger(EditJobs.class);

  private final ModelCard card;
  private final JobPreparation plain;
  private final EditPreparation preparation;
  private final Recordings recordings;
  private final EditSettings settings;
  private final DenoisingLoop loop;

  public EditJobs(
      ModelCard card,
      JobPreparation plain,
      EditPreparation preparation,
      Recordings recordings,
      EditSettings settings,
      DenoisingLoop loop) {
    this.card = card;
    this.plain = plain;
    this.preparation = preparation;
    this.recordings = recordings;
    this.settings = settings;
    this.loop = loop;
  }

  /** A job came: the recording that it could use is fetched while it waits. */
  void prefetch(JobRun run) {
    boolean useful =
        switch (run.request().kind()) {
          case TEXT_TO_IMAGE, IMAGE_TO_IMAGE -> false;
          case EDIT -> {
            run.runsDense(preparation.denseBecause(run.request()));
            yield run.denseBecause() == null;
          }
          case RECORDING -> true;
        };
    if (useful) {
      run.recordingId(key(run).id());
      recordings.prefetch(key(run).id()).thenAccept(run.recordingFetch()::complete);
    } else {
      run.recordingFetch().complete(Fetch.ABSENT);
    }
  }

  private RecordingKey key(JobRun run) {
    return RecordingNeed.of(run.request()).with(card);
  }

  /** An edit; its template is recorded beside it if it finds no recording. */
  PreparedJob edit(JobRun run, JobSources fetched) {
    JobRequest request = run.request();
    EditTask task = preparation.edit(request, fetched, key(run), run.denseBecause());
    EditExecution.BesideRun beside = () -> false;
    // A picture that came with its request is hardly edited twice.
    boolean isTemplate = request.start().image().template() != null;
    if (settings.record() && isTemplate && task.denseBecause() == null) {
      TemplateRun template = preparation.recording(request, fetched);
      beside = () -> record(run, template, fetched);
    }
    EditExecution edit = preparation.execution(task, recordings, run.recordingFetch(), beside);
    return plain.prepared(request, fetched, edit);
  }

  /** Whatever goes wrong with the recording, the edit goes on. */
  private boolean record(JobRun run, TemplateRun template, JobSources fetched) {
    try {
      int rows = plain.rows(run.request());
      Optional<RecordingInMaking> begun = begin(run, template);
      begun.ifPresent(making -> loop.record(new RecordingRun(making, fetched.shared(), rows)));
      return begun.isPresent();
    } catch (EngineException e) {
      log.warn("the recording beside {} cannot be begun: {}", run.jobId(), e.getMessage());
      return false;
    }
  }

  private Optional<RecordingInMaking> begin(JobRun run, TemplateRun template) {
    String templateId = run.request().start().image().template();
    return recordings.begin(key(run), templateId, template::into);
  }

  /** Done when an edit need not wait for its recording any longer. */
  CompletableFuture<Fetch> whenToEnter(JobRun run) {
    return run.recordingFetch()
        .copy()
        .completeOnTimeout(Fetch.LATE, settings.fetchWait().toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether the recording that a job makes is there. */
  boolean isAtHand(JobRun run) {
    return recordings.atHand().contains(key(run).id());
  }

  /** Done when nobody makes the recording that a job makes. */
  CompletableFuture<Void> whenNotMaking(JobRun run) {
    return recordings.whenNotMaking(key(run).id());
  }

  /**
   * A job that makes a recording; empty if it is in the making.
   *
   * @throws EngineException if it cannot be written
   */
  Optional<PreparedJob> recording(JobRun run, JobSources fetched) {
    TemplateRun template = preparation.recording(run.request(), fetched);
    int rows = plain.rows(run.request());
    return begin(run, template)
        .map(
            making ->
                new PreparedJob(
                    template.conditioning(), null, null, making, fetched, rows, List.of()));
  }
}
