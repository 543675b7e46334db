package dev.fresco.engine.batch;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.worker.ModelAbilities;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.checkpoint.Checkpoint;
import dev.fresco.engine.checkpoint.CheckpointRevision;
import dev.fresco.engine.checkpoint.ModelFamily;
import dev.fresco.engine.checkpoint.UNetConfig;
import java.nio.file.Path;
import java.util.List;

/** What a Stable Diffusion checkpoint tells the gateway of itself. */
final class StableDiffusionCard {
  private static final int DEFAULT_STEPS = 20;
  private static final double DEFAULT_GUIDANCE = 5.0;
  private static final double MAX_GUIDANCE = 30.0;

  /** Latent places on a side, of a UNet configuration that does not say, as diffusers takes it. */
  private static final int DEFAULT_SAMPLE_SIZE = 64;

  private static final int DEFAULT_LARGE_SAMPLE_SIZE = 128;

  private StableDiffusionCard() {}

  /** The folder's, or the file's without its ending. */
  static String name(Path path) {
    String last = path.toAbsolutePath().normalize().getFileName().toString();
    return last.endsWith(".safetensors")
        ? last.substring(0, last.length() - ".safetensors".length())
        : last;
  }

  /**
   * @throws dev.fresco.engine.EngineException if the UNet's configuration says nonsense of its size
   */
  static ModelCard of(Checkpoint checkpoint, ModelSettings settings, UNetParts parts) {
    int factor = parts.autoencoder().factor();
    boolean large = checkpoint.family() == ModelFamily.STABLE_DIFFUSION_XL;
    int sampleSize =
        checkpoint
            .component("unet")
            .config()
            .largest("sample_size", large ? DEFAULT_LARGE_SAMPLE_SIZE : DEFAULT_SAMPLE_SIZE);
    UNetConfig unet = parts.unet().config();
    // Every stage but the last halves the map, and a map that does not halve evenly paints badly.
    int multiple = factor << (unet.stages().down().size() - 1);
    int size = Math.max(multiple, sampleSize * factor);
    return new ModelCard(
        name(checkpoint.path()),
        large ? "stable-diffusion-xl" : "stable-diffusion",
        CheckpointRevision.of(checkpoint),
        multiple,
        multiple,
        Math.max(size, settings.maxSize()),
        size,
        size,
        parts.texts().get(0).config().positions(),
        parts.samplers().names(),
        parts.samplers().preferred(),
        Math.min(DEFAULT_STEPS, settings.maxSteps()),
        settings.maxSteps(),
        DEFAULT_GUIDANCE,
        MAX_GUIDANCE,
        abilities(parts, large));
  }

  private static ModelAbilities abilities(UNetParts parts, boolean large) {
    int layers = parts.texts().stream().mapToInt(text -> text.config().layers()).min().orElse(0);
    return new ModelAbilities(
        List.of(JobKind.TEXT_TO_IMAGE, JobKind.IMAGE_TO_IMAGE, JobKind.EDIT, JobKind.RECORDING),
        ModelAbilities.Guidance.CLASSIFIER_FREE,
        large,
        true,
        // The large family leaves out a layer by itself.
        large ? layers - 1 : layers,
        true,
        true);
  }
}
