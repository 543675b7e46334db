package dev.fresco.engine.batch;

/**
 * How to load a model.
 *
 * @param device {@code cpu}, {@code cuda:0} and so on
 * @param computeType {@code fp32}, {@code bf16}, or {@code auto}
 * @param maxSteps the most that a request may ask for
 * @param maxSize the largest width and height in pixels
 */
public record ModelSettings(String device, String computeType, int maxSteps, int maxSize) {}
