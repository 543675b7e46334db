package dev.fresco.engine.checkpoint;

/**
 * Settings of a GroupNorm.
 *
 * @param groups that the channels divide into
 * @param epsilon added to the variance
 */
public record Normalisation(int groups, double epsilon) {}
