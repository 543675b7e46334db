package dev.fresco.training.runtime;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.contracts.training.TrainingSetup;
import dev.fresco.engine.Picture;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import dev.fresco.engine.finetune.FineTuneOutcome;
import dev.fresco.engine.finetune.FineTuneSettings;
import dev.fresco.engine.finetune.LoraFineTuning;
import dev.fresco.engine.finetune.LoraSample;
import dev.fresco.platform.store.ObjectStore;
import dev.fresco.training.job.TrainingSamples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** What is made of a LoRA: pictures that show it, and an adapter. */
@Component
final class LoraOutput {
  private static final Logger log = LoggerFactory.getLogger(LoraOutput.class);
  private static final double FULL_SCALE = 1;

  /** More than any model takes where a request leaves it to the model. */
  private static final int MOST_STEPS = 150;

  private final ObjectStore objects;
  private final AdapterPublisher publisher;

  LoraOutput(ObjectStore objects, AdapterPublisher publisher) {
    this.objects = objects;
    this.publisher = publisher;
  }

  /** Publishes the adapter, if the job wants that. */
  JobRun.Result publish(TrainingJob job, FineTuneOutcome outcome) {
    TrainingSetup.Publish publish = job.setup().publish();
    if (publish == null) {
      return JobRun.Result.finished(null);
    }
    try {
      return JobRun.Result.finished(publisher.publish(job, publish.adapter(), outcome.lora()));
    } catch (AdapterPublisher.RefusedException e) {
      return JobRun.Result.failed(ErrorCode.ADAPTER_UNUSABLE, e.getMessage());
    } catch (IOException e) {
      return JobRun.Result.failed(
          ErrorCode.UNAVAILABLE, "the adapter is finished, but not published: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return JobRun.Result.stopped();
    }
  }

  /**
   * Paints a sample with the LoRA as it was saved last, if the job wants samples. It does not fail
   * for the want of one.
   *
   * @param iterations that are in the LoRA
   */
  void sample(TrainingJob job, FineTuneSettings settings, long iterations, JobNews.OfJob news) {
    String prompt = job.setup().lora().sample();
    if (prompt == null) {
      return;
    }
    try {
      Path lora = settings.places().folder().resolve(LoraFineTuning.LORA);
      Picture picture = paint(settings, lora, prompt, job.setup().seed());
      String key = TrainingSamples.key(job.id(), iterations);
      objects.put(key, png(picture));
      news.sampled(iterations, prompt, key);
    } catch (IOException | RuntimeException e) {
      log.warn("no sample of {}", job.id(), e);
    }
  }

  private static Picture paint(FineTuneSettings settings, Path lora, String prompt, long seed) {
    int largest = Math.max(settings.size().width(), settings.size().height());
    ModelSettings loading =
        new ModelSettings(settings.places().device(), "fp32", MOST_STEPS, largest);
    try (LocalModel model = LocalModel.load(settings.places().model(), loading)) {
      return LoraSample.paint(model, lora, FULL_SCALE, prompt, seed);
    }
  }

  private static byte[] png(Picture picture) throws IOException {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(picture.image(), "png", png);
    return png.toByteArray();
  }
}
