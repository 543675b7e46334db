package dev.fresco.gateway;

import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.worker.ModelAbilities;
import dev.fresco.contracts.worker.ModelAbilities.Guidance;
import dev.fresco.contracts.worker.ModelCard;
import java.util.List;

/** Models that workers of the tests serve. */
final class Cards {
  private static final List<JobKind> ALL_KINDS =
      List.of(JobKind.TEXT_TO_IMAGE, JobKind.IMAGE_TO_IMAGE, JobKind.EDIT, JobKind.RECORDING);

  /** The default model: one encoder, and whatever adapters there are. */
  static final ModelCard EMOJI =
      card(
          "emoji",
          "stable-diffusion",
          new ModelAbilities(ALL_KINDS, Guidance.CLASSIFIER_FREE, false, true, 2, true, true));

  static final ModelCard PORTRAIT =
      card(
          "portrait",
          "stable-diffusion-xl",
          new ModelAbilities(ALL_KINDS, Guidance.CLASSIFIER_FREE, true, true, 2, true, true));

  /** It knows no edits. */
  static final ModelCard QUICK =
      card(
          "quick",
          "flux",
          new ModelAbilities(
              ALL_KINDS.subList(0, 2), Guidance.EMBEDDED, true, false, 0, true, false));

  /** As a worker announces it that knows of no abilities. */
  static final ModelCard OLD = card("zold", "stable-diffusion", ModelAbilities.BASIC);

  private Cards() {}

  private static ModelCard card(String id, String family, ModelAbilities abilities) {
    return new ModelCard(
        id,
        family,
        "0123abcd",
        32,
        64,
        512,
        128,
        128,
        32,
        List.of("ddim", "euler"),
        "ddim",
        20,
        200,
        5.0,
        20.0,
        abilities);
  }
}
