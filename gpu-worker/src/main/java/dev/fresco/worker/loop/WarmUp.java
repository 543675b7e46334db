package dev.fresco.worker.loop;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.template.RecordingKey;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.KeptPart;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.recording.Recording;
import dev.fresco.engine.recording.RecordingFile;
import dev.fresco.engine.recording.RecordingWriter;
import dev.fresco.planning.cost.StepWork;
import dev.fresco.worker.edit.TemplateRun;
import dev.fresco.worker.job.GuidedRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes some steps before there is any job: the first one then finds an engine that has prepared
 * its weights and memory, and a cost model that knows pictures and edits. It goes on for a limited
 * time; what fails is left out.
 */
public final class WarmUp {
  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
  private static final String MEMBER = "warm-up";
  private static final long SEED = 1;

  /** The first of them is cold and tells nothing. */
  private static final int TIMES = 4;

  private static final double[] SHARES = {.1, .4};

  private final DiffusionModel model;
  private final LoopMeters meters;
  private final Path folder;
  private final long limitNanos;

  /**
   * @param folder its own, for a recording of one step
   * @param limit after which no further step is begun; zero for none at all
   */
  public WarmUp(DiffusionModel model, LoopMeters meters, Path folder, Duration limit) {
    this.model = model;
    this.meters = meters;
    this.folder = folder;
    this.limitNanos = limit.toNanos();
  }

  void run() {
    if (limitNanos == 0) {
      return;
    }
    long start = System.nanoTime();
    try (DenoisingBatch<String> batch = model.newBatch()) {
      Run run = new Run(batch, start, settings(), model.encode(Prompt.of("", "")), load());
      run.dense();
      if (model.card().abilities().kinds().contains(JobKind.EDIT)) {
        run.edits();
      }
      log.info("warm after {} ms: {}", (System.nanoTime() - start) / 1_000_000, meters.costs());
    } catch (IOException | RuntimeException e) {
      log.warn("the engine is not warm", e);
    }
  }

  private PictureSettings settings() {
    ModelCard card = model.card();
    return new PictureSettings(
        card.defaultWidth(),
        card.defaultHeight(),
        1,
        card.defaultGuidanceScale(),
        card.defaultSampler(),
        SEED);
  }

  private long load() {
    ModelCard card = model.card();
    return GuidedRows.pixels(
        card, card.defaultGuidanceScale(), card.defaultWidth(), card.defaultHeight());
  }

  /**
   * @param load of a whole picture
   */
  private final class Run {
    private final DenoisingBatch<String> batch;
    private final long start;
    private final PictureSettings settings;
    private final Conditioning conditioning;
    private final long load;

    Run(
        DenoisingBatch<String> batch,
        long start,
        PictureSettings settings,
        Conditioning conditioning,
        long load) {
      this.batch = batch;
      this.start = start;
      this.settings = settings;
      this.conditioning = conditioning;
      this.load = load;
    }

    void dense() {
      several(PictureRequest.of(settings, conditioning), new StepWork(load, 0));
    }

    void edits() throws IOException {
      if (isOver()) {
        return;
      }
      Path file = Files.createDirectories(folder).resolve("step.frec");
      try {
        HostTensor template = latents();
        record(file, template);
        try (RecordingFile recording = RecordingFile.open(file)) {
          for (double share : SHARES) {
            HostTensor mask = mask(template, share);
            several(edit(template, mask, recording), new StepWork(painted(mask) * load, load));
          }
        }
      } finally {
        Files.deleteIfExists(file);
      }
    }

    /** Of a picture that was not painted: noise. */
    private HostTensor latents() {
      batch.join(MEMBER, PictureRequest.of(settings, conditioning));
      HostTensor latents = batch.latents(MEMBER);
      batch.leave(MEMBER);
      return latents;
    }

    private void record(Path file, HostTensor template) {
      RecordingKey key =
          new RecordingKey(
              model.card().revision(),
              MEMBER,
              settings.width(),
              settings.height(),
              settings.sampler(),
              settings.steps(),
              settings.guided(),
              List.of());
      try (RecordingWriter writer = new RecordingWriter(file, key, bytes -> {})) {
        step(new TemplateRun(settings, conditioning, template, SEED, List.of()).into(writer));
        writer.finish();
      }
    }

    private PictureRequest edit(HostTensor template, HostTensor mask, Recording recording) {
      StartLatents start =
          new StartLatents(template, null, 1).keeping(new KeptPart(mask, SEED, recording));
      return new PictureRequest(settings, conditioning, start, List.of(), List.of());
    }

    private static double painted(HostTensor mask) {
      double painted = 0;
      for (float place : mask.data()) {
        painted += place;
      }
      return painted / mask.data().length;
    }

    /** The first rows: this share or a little more. */
    private static HostTensor mask(HostTensor latents, double share) {
      int height = (int) latents.shape()[1];
      int width = (int) latents.shape()[2];
      float[] mask = new float[height * width];
      Arrays.fill(mask, 0, (int) Math.ceil(share * height) * width, 1);
      return HostTensor.of(mask, height, width);
    }

    private void several(PictureRequest request, StepWork work) {
      for (int time = 0; time < TIMES && !isOver(); time++) {
        double millis = step(request);
        if (time > 0) {
          meters.observed(work, millis);
        }
      }
    }

    /** Milliseconds. */
    private double step(PictureRequest request) {
      batch.join(MEMBER, request);
      try {
        long begin = System.nanoTime();
        batch.step(List.of(MEMBER));
        return (System.nanoTime() - begin) / 1e6;
      } finally {
        batch.leave(MEMBER);
      }
    }

    private boolean isOver() {
      return System.nanoTime() - start > limitNanos;
    }
  }
}
