package dev.fresco.engine.batch;

/**
 * How to load a model.
 *
 * @param device {@code cpu}, {@code cuda:0} and so on
 * @param computeType {@code fp32}, {@code bf16}, or {@code auto}
 * @param maxSteps the most that a request may ask for
 * @param maxSize the largest width and height in pixels
 * @param promptCacheBytes of encoded prompts that are kept
 */
public record ModelSettings(
    String device, String computeType, int maxSteps, int maxSize, long promptCacheBytes) {
  /** About 200 prompts of Stable Diffusion XL. */
  public static final long PROMPT_CACHE_BYTES = 128L << 20;

  public ModelSettings(String device, String computeType, int maxSteps, int maxSize) {
    this(device, computeType, maxSteps, maxSize, PROMPT_CACHE_BYTES);
  }
}
