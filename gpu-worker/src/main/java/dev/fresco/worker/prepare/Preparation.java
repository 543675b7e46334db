package dev.fresco.worker.prepare;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.Prompt;
import dev.fresco.worker.assignment.Conclusions;
import dev.fresco.worker.job.JobRun;
import dev.fresco.worker.loop.DenoisingLoop;
import dev.fresco.worker.thread.NamedThread;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Tokenises and encodes prompts before their jobs enter the loop, on a thread of its own. */
public final class Preparation implements AutoCloseable {
  private final DiffusionModel model;
  private final DenoisingLoop loop;
  private final Conclusions conclusions;
  private final Timer timer;
  private final NamedThread thread = new NamedThread("prepare");

  public Preparation(
      DiffusionModel model, DenoisingLoop loop, Conclusions conclusions, MeterRegistry meters) {
    this.model = model;
    this.loop = loop;
    this.conclusions = conclusions;
    this.timer = meters.timer("fresco.worker.prepare");
  }

  public void prepare(JobRun run) {
    thread.execute(() -> timer.record(() -> encode(run)));
  }

  private void encode(JobRun run) {
    if (run.hasEnded()) {
      return;
    }
    try {
      run.prepared(model.encode(Prompt.of(run.request().prompt(), run.request().negativePrompt())));
      loop.arrive(run);
    } catch (RuntimeException | Error e) {
      conclusions.fail(run, ErrorCode.ENGINE_FAILURE, "the prompt could not be encoded", e);
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
