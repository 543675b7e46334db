package dev.fresco.engine.finetune;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.NotFiniteException;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.checkpoint.Checkpoint;
import dev.fresco.engine.checkpoint.CheckpointRevision;
import dev.fresco.engine.checkpoint.ModelFamily;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.sampler.SchedulerConfig;
import dev.fresco.engine.sampler.TrainingNoise;
import dev.fresco.engine.training.AdamW;
import dev.fresco.engine.training.GradientClipping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Trains a LoRA of a model on captioned pictures.
 *
 * <p>Goal: a file that {@link LocalModel#loadAdapter} takes, and that makes the model's pictures
 * more like these.
 *
 * <p>Constraints: the model's weights stay as they are. A run that was stopped, or whose process
 * died, goes on from its last checkpoint bit for bit.
 *
 * <p>Algorithm: pictures become latents and captions states once. Each step draws pictures,
 * timesteps and noise, and takes the mean squared error of what the network says against the target
 * of the model's prediction type (Ho et al. 2020, algorithm 1); AdamW moves the factors of the
 * attention's layers by the clipped mean of the gradients.
 */
public final class LoraFineTuning {
  /** In the settings' folder; only for going on. */
  public static final String CHECKPOINT = "checkpoint.safetensors";

  /** In the settings' folder. */
  public static final String LORA = "lora.safetensors";

  private final FineTuneSettings settings;
  private final Consumer<FineTuneStep> listener;
  private final BooleanSupplier stop;

  private LoraFineTuning(
      FineTuneSettings settings, Consumer<FineTuneStep> listener, BooleanSupplier stop) {
    this.settings = settings;
    this.listener = listener;
    this.stop = stop;
  }

  /**
   * Runs to the last step, from the checkpoint in the settings' folder if there is one.
   *
   * @param listener hears of each step when it is taken, on the calling thread
   * @param stop is asked before each picture is encoded and before each portion of a step; if it
   *     says so, the run gives up that step, saves a checkpoint and ends
   * @throws NotFiniteException if loss, gradients or the LoRA become infinite or not a number; the
   *     last checkpoint and its LoRA stay
   * @throws EngineException naming what is wrong with the model, the pictures, or the checkpoint
   */
  public static FineTuneOutcome run(
      FineTuneSettings settings, Consumer<FineTuneStep> listener, BooleanSupplier stop) {
    return new LoraFineTuning(settings, listener, stop).run();
  }

  private FineTuneOutcome run() {
    FineTuneSettings.Places places = settings.places();
    if (!Files.isDirectory(places.folder())) {
      throw new EngineException(places.folder() + ": is no folder");
    }
    Checkpoint model = Checkpoint.open(places.model());
    if (model.family() == ModelFamily.FLUX) {
      throw new EngineException(places.model() + ": only models with a UNet can be fine-tuned");
    }
    TrainingNoise noise = TrainingNoise.of(SchedulerConfig.of(model.scheduler()));
    PictureFolder pictures = PictureFolder.open(places.pictures());
    LoraCheckpoint checkpoint =
        new LoraCheckpoint(
            places.folder().resolve(CHECKPOINT),
            settings.fingerprint(),
            CheckpointRevision.of(model),
            pictures.digest());
    if (checkpoint.exists()) {
      checkpoint.requireOwn();
    }
    List<EncodedPicture> encoded = new PictureEncoding(settings, stop).of(pictures);
    if (encoded.size() < pictures.count()) {
      return new FineTuneOutcome(checkpoint.exists() ? checkpoint.steps() : 0, false, lora());
    }
    RowDraw draw = new RowDraw(encoded, noise, settings.course().seed());
    try (KernelLibrary kernels = KernelLibrary.on(places.device());
        LoraNetwork network = LoraNetwork.load(model.component("unet"), kernels, settings.size());
        LoraFactors factors = factors(kernels, network, checkpoint)) {
      return train(network, factors, draw, checkpoint);
    }
  }

  private LoraFactors factors(
      KernelLibrary kernels, LoraNetwork network, LoraCheckpoint checkpoint) {
    int rank = settings.lora().rank();
    return checkpoint.exists()
        ? checkpoint.load(kernels, network.layers(), rank)
        : LoraFactors.draw(kernels, network.layers(), rank, settings.course().seed());
  }

  private FineTuneOutcome train(
      LoraNetwork network, LoraFactors factors, RowDraw draw, LoraCheckpoint checkpoint) {
    FineTuneSettings.Course course = settings.course();
    while (factors.parameters().steps() < course.steps()) {
      Optional<FineTuneStep> taken = step(network, factors, draw);
      if (taken.isEmpty()) {
        break;
      }
      listener.accept(taken.get());
      if (taken.get().number() % course.checkpointEvery() == 0) {
        save(factors, checkpoint);
      }
    }
    save(factors, checkpoint);
    long steps = factors.parameters().steps();
    return new FineTuneOutcome(steps, steps >= course.steps(), lora());
  }

  /** Empty if it was stopped. */
  private Optional<FineTuneStep> step(LoraNetwork network, LoraFactors factors, RowDraw draw) {
    FineTuneSettings.Course course = settings.course();
    long start = System.nanoTime();
    long number = factors.parameters().steps() + 1;
    double loss = 0;
    for (int part = 0; part < course.accumulation(); part++) {
      if (stop.getAsBoolean()) {
        return Optional.empty();
      }
      long first = ((number - 1) * course.accumulation() + part) * course.rows();
      TrainingRows rows = draw.rows(first, course.rows());
      loss += network.accumulate(factors, settings.lora().scale(), rows) / course.accumulation();
    }
    double[] squaredNorm = {AdamW.squaredNorm(factors.parameters())};
    double norm = GradientClipping.meanNorm(squaredNorm, course.accumulation());
    if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
      throw new NotFiniteException(
          "step %d: the loss is %s and the gradient's norm %s".formatted(number, loss, norm));
    }
    settings
        .optimiser()
        .step(
            factors.parameters(),
            GradientClipping.scale(squaredNorm, course.accumulation(), course.normLimit()));
    return Optional.of(new FineTuneStep(number, loss, norm, (System.nanoTime() - start) / 1e6));
  }

  private void save(LoraFactors factors, LoraCheckpoint checkpoint) {
    if (!factors.parameters().isFinite()) {
      throw new NotFiniteException(
          "step %d: the LoRA is no longer finite".formatted(factors.parameters().steps()));
    }
    LoraFile.write(factors, settings.lora().scale(), lora());
    checkpoint.save(factors);
  }

  private Path lora() {
    return settings.places().folder().resolve(LORA);
  }
}
