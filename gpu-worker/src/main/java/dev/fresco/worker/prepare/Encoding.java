package dev.fresco.worker.prepare;

import dev.fresco.worker.assignment.Conclusions;
import dev.fresco.worker.finish.Finishing;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.job.PreparedJob;
import dev.fresco.worker.loop.DenoisingLoop;
import dev.fresco.worker.source.JobSources;
import dev.fresco.worker.thread.NamedThreads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Makes jobs ready for the loop, on a thread of its own: encodes their prompts and pictures. An
 * edit of nothing is ready as it is.
 */
public final class Encoding implements AutoCloseable {
  static final String FAILED = "the job could not be prepared";

  private final JobPreparation plain;
  private final EditJobs edits;
  private final DenoisingLoop loop;
  private final Finishing finishing;
  private final Conclusions conclusions;
  private final Timer preparing;
  private final NamedThreads thread = new NamedThreads("prepare", 1);

  public Encoding(
      JobPreparation plain,
      EditJobs edits,
      DenoisingLoop loop,
      Finishing finishing,
      Conclusions conclusions,
      MeterRegistry meters) {
    this.plain = plain;
    this.edits = edits;
    this.loop = loop;
    this.finishing = finishing;
    this.conclusions = conclusions;
    this.preparing = meters.timer("fresco.worker.prepare");
  }

  /**
   * @param fetched is let go of when the job leaves the loop, or never enters it
   */
  public void encodeSoon(JobRun run, JobSources fetched) {
    thread.execute(() -> preparing.record(() -> encode(run, fetched)));
  }

  private void encode(JobRun run, JobSources fetched) {
    if (run.hasEnded()) {
      fetched.close();
      return;
    }
    try {
      switch (run.request().kind()) {
        case TEXT_TO_IMAGE, IMAGE_TO_IMAGE -> enter(run, plain.prepared(run.request(), fetched));
        case EDIT -> encodeEdit(run, fetched);
        case RECORDING -> encodeRecording(run, fetched);
      }
    } catch (RuntimeException | Error e) {
      fetched.close();
      conclusions.fail(run, FAILED, e);
    }
  }

  private void enter(JobRun run, PreparedJob prepared) {
    run.prepared(prepared);
    loop.arrive(run);
  }

  private void encodeEdit(JobRun run, JobSources fetched) {
    if (fetched.mask().isEmpty()) {
      fetched.close();
      finishing.finishUntouched(run, fetched.start());
      return;
    }
    run.prepared(edits.edit(run, fetched));
    edits.whenToEnter(run).whenComplete((found, never) -> loop.arrive(run));
  }

  private void encodeRecording(JobRun run, JobSources fetched) {
    if (edits.isAtHand(run)) {
      fetched.close();
      finishing.finishRecorded(run);
      return;
    }
    PreparedJob prepared = edits.recording(run, fetched).orElse(null);
    if (prepared == null) {
      // Somebody is at it: it is looked at again when that has ended.
      edits.whenNotMaking(run).whenComplete((ended, never) -> encodeSoon(run, fetched));
    } else {
      enter(run, prepared);
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
