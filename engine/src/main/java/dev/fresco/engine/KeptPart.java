package dev.fresco.engine;

import dev.fresco.engine.recording.Recording;

/**
 * The part of a picture that an edit leaves as it is. After every step the latents outside the mask
 * are the picture's own at that step's level of noise.
 *
 * @param mask {@code [height, width]} of the latents in 0..1: 1 where the edit paints
 * @param noiseSeed of the noise outside the mask, which is the template's whatever the edit's seed
 * @param recording of the template with the same noise seed and schedule, so that only the masked
 *     part is computed; null to compute everything
 * @param margin with a recording, so many places of the latents around the mask are computed as
 *     well, where the picture reacts to what is painted most; at least 0
 */
public record KeptPart(HostTensor mask, long noiseSeed, Recording recording, int margin) {
  /** Halves the distance from the edit on whole maps or better; a second place brings little. */
  public static final int USUAL_MARGIN = 1;

  public KeptPart {
    if (margin < 0) {
      throw new EngineException("margin is " + margin + "; it must be at least 0");
    }
  }

  /** With the usual margin. */
  public KeptPart(HostTensor mask, long noiseSeed, Recording recording) {
    this(mask, noiseSeed, recording, USUAL_MARGIN);
  }
}
