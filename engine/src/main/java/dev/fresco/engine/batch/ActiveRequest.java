package dev.fresco.engine.batch;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.KeptPart;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.mask.ActiveMember;
import dev.fresco.engine.mask.MaskPlan;
import dev.fresco.engine.recording.Recording;

/** Which requests are computed place by place. */
final class ActiveRequest {
  private ActiveRequest() {}

  /**
   * @param levels sizes of maps that the network has
   * @param factor pixels for each place of the latents, on each axis
   * @return null if whole maps are computed
   * @throws EngineException naming what does not fit
   */
  static ActiveMember member(PictureRequest request, int levels, int factor) {
    KeptPart kept = request.start() == null ? null : request.start().kept();
    Recording recording = kept == null ? null : kept.recording();
    if (request.recorder() == null && recording == null) {
      return null;
    }
    requireNoControls(request);
    if (request.recorder() != null) {
      requireTemplate(request, kept);
      return new ActiveMember(
          MaskPlan.whole(
              request.settings().height() / factor, request.settings().width() / factor, levels),
          null);
    }
    if (recording.steps() != request.settings().steps()) {
      throw new EngineException(
          "the recording has %d steps; the request has %d"
              .formatted(recording.steps(), request.settings().steps()));
    }
    return new ActiveMember(MaskPlan.of(kept.mask(), kept.margin(), levels), recording);
  }

  private static void requireNoControls(PictureRequest request) {
    if (!request.controls().isEmpty()) {
      throw new EngineException(
          request.controls().get(0).net().name()
              + ": pictures with ControlNets are neither recorded nor painted from a recording");
    }
  }

  private static void requireTemplate(PictureRequest request, KeptPart kept) {
    boolean stays = kept != null;
    for (int i = 0; stays && i < kept.mask().data().length; i++) {
      stays = kept.mask().data()[i] == 0;
    }
    if (!stays || request.start().strength() != 1) {
      throw new EngineException(
          "a recording is made of a picture that stays as it is, over all steps: start.kept.mask"
              + " must be 0 everywhere and start.strength 1");
    }
  }
}
