package dev.fresco.engine.mask;

import dev.fresco.engine.recording.Recording;

/**
 * A picture whose network is computed place by place: where the mask reaches, with the rest from a
 * recording; or everywhere, to make one.
 *
 * @param recording null if everything is computed
 */
public record ActiveMember(MaskPlan plan, Recording recording) {}
