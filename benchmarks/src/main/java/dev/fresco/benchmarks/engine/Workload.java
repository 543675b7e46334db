package dev.fresco.benchmarks.engine;

import dev.fresco.engine.PictureSettings;

/**
 * What is stepped: guided pictures of one size, with seeds from 0 on.
 *
 * @param size width and height in pixels
 * @param warmUp steps that are not measured
 * @param steps that are
 * @param sampler by the engine's name
 */
record Workload(int size, int warmUp, int steps, String sampler) {
  static final double GUIDANCE = 5;
  static final String PROMPT = "a red apple";

  int allSteps() {
    return warmUp + steps;
  }

  PictureSettings settings(int picture) {
    return new PictureSettings(size, size, allSteps(), GUIDANCE, sampler, picture);
  }
}
