package dev.fresco.worker.prepare;

import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.LongPrompts;
import dev.fresco.contracts.job.PromptOptions;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.worker.assignment.Conclusions;
import dev.fresco.worker.job.GuidedRows;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.job.PreparedJob;
import dev.fresco.worker.loop.DenoisingLoop;
import dev.fresco.worker.source.JobSources;
import dev.fresco.worker.thread.NamedThreads;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;

/** Makes jobs ready for the loop: encodes their prompts and pictures, on a thread of its own. */
public final class Encoding implements AutoCloseable {
  static final String FAILED = "the job could not be prepared";

  private final DiffusionModel model;
  private final DenoisingLoop loop;
  private final Conclusions conclusions;
  private final Timer preparing;
  private final NamedThreads thread = new NamedThreads("prepare", 1);

  public Encoding(
      DiffusionModel model,
      DenoisingLoop loop,
      Conclusions conclusions,
      MeterRegistry meters) {
    this.model = model;
    this.loop = loop;
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
    PreparedJob prepared;
    try {
      prepared = prepared(run.request(), fetched);
    } catch (RuntimeException | Error e) {
      fetched.close();
      conclusions.fail(run, FAILED, e);
      return;
    }
    run.prepared(prepared);
    loop.arrive(run);
  }

  private PreparedJob prepared(JobRequest request, JobSources fetched) {
    Conditioning conditioning = model.encode(prompt(request), fetched.adapters());
    StartLatents start =
        request.start() == null
            ? null
            : model.encodePicture(fetched.start(), request.start().strength());
    List<String> warnings = conditioning.truncated() ? List.of(cut()) : List.of();
    int rows = GuidedRows.both(model.card(), request) ? 2 : 1;
    return new PreparedJob(conditioning, start, fetched, rows, warnings);
  }

  private static Prompt prompt(JobRequest request) {
    PromptOptions options = request.promptOptions();
    return new Prompt(
        request.prompt(),
        request.negativePrompt(),
        options.second(),
        options.secondNegative(),
        options.clipSkip(),
        options.longPrompts() == LongPrompts.CUT ? Prompt.LongPrompt.CUT : Prompt.LongPrompt.CHUNK);
  }

  private String cut() {
    return "a prompt is longer than the %d tokens that the text encoder reads; its end was cut"
        .formatted(model.card().maxPromptTokens());
  }

  @Override
  public void close() {
    thread.close();
  }
}
