package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.unet.ControlNetModel;

/**
 * A ControlNet that a member uses.
 *
 * @param picture embedded, {@code [1, channels, height, width]} of the latents
 */
record MemberControl(ControlUse use, ControlNetModel net, NDArray picture) {}
