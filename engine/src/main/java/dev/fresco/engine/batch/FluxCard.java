package dev.fresco.engine.batch;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.worker.ModelAbilities;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.checkpoint.Checkpoint;
import dev.fresco.engine.checkpoint.CheckpointRevision;
import java.util.List;

/** What a Flux checkpoint tells the gateway of itself. */
final class FluxCard {
  /** Of a network that is told the guidance scale, and of one that was distilled to few steps. */
  private static final int GUIDED_STEPS = 28;

  private static final int FEW_STEPS = 4;
  private static final double GUIDANCE = 3.5;
  private static final double MAX_GUIDANCE = 30.0;

  /** Up to this, a guidance scale stands for none. */
  private static final double NO_GUIDANCE = 1.0;

  /** Latent places on a side; diffusers' pipeline has the same. */
  private static final int SAMPLE_SIZE = 128;

  private FluxCard() {}

  static ModelCard of(Checkpoint checkpoint, ModelSettings settings, FluxParts parts) {
    boolean guided = parts.transformer().config().conditions().guidance();
    int factor = parts.autoencoder().factor();
    int multiple = factor * FluxParts.PATCH;
    int size = SAMPLE_SIZE * factor;
    return new ModelCard(
        StableDiffusionCard.name(checkpoint.path()),
        "flux",
        CheckpointRevision.of(checkpoint),
        multiple,
        multiple,
        Math.max(size, settings.maxSize()),
        size,
        size,
        parts.texts().t5().length(),
        parts.samplers().names(),
        parts.samplers().preferred(),
        Math.min(guided ? GUIDED_STEPS : FEW_STEPS, settings.maxSteps()),
        settings.maxSteps(),
        guided ? GUIDANCE : 0,
        guided ? MAX_GUIDANCE : NO_GUIDANCE,
        abilities(guided));
  }

  private static ModelAbilities abilities(boolean guided) {
    return new ModelAbilities(
        List.of(JobKind.TEXT_TO_IMAGE, JobKind.IMAGE_TO_IMAGE, JobKind.EDIT, JobKind.RECORDING),
        guided ? ModelAbilities.Guidance.EMBEDDED : ModelAbilities.Guidance.NONE,
        true,
        false,
        0,
        true,
        false);
  }
}
