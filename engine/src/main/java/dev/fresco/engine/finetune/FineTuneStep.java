package dev.fresco.engine.finetune;

/**
 * A step that was taken.
 *
 * @param number from 1
 * @param loss the mean squared error of the step's pictures
 * @param gradientNorm of the mean gradient, before clipping
 * @param millis that it took
 */
public record FineTuneStep(long number, double loss, double gradientNorm, double millis) {}
