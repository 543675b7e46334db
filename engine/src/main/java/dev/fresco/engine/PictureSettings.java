package dev.fresco.engine;

/**
 * How to paint one picture.
 *
 * @param width pixels, a multiple of the model's {@code sizeMultiple}
 * @param height pixels, likewise
 * @param steps denoising steps, at least 1
 * @param guidanceScale classifier-free guidance; at 1 or less the negative prompt is not used
 * @param sampler one of the model's samplers
 * @param seed of the initial noise, as a torch CPU generator takes it
 */
public record PictureSettings(
    int width, int height, int steps, double guidanceScale, String sampler, long seed) {

  /** Whether a step runs the network on the negative prompt too. */
  public boolean guided() {
    return guidanceScale > 1.0;
  }
}
