package dev.fresco.benchmarks.soak;

import dev.fresco.engine.PictureSettings;

/**
 * One request of a soak and what becomes of it.
 *
 * @param cancelAfter steps after which it leaves; over its steps for never
 * @param previewEvery steps between previews; 0 for none
 * @param decoded whether its latents are decoded at the end
 */
record SoakRequest(
    PictureSettings settings,
    String prompt,
    String negativePrompt,
    int cancelAfter,
    int previewEvery,
    boolean decoded) {}
