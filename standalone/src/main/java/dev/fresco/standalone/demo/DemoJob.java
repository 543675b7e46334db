package dev.fresco.standalone.demo;

import java.util.List;

/**
 * A request of the demo.
 *
 * @param size width and height in pixels
 */
record DemoJob(
    String prompt, int size, int steps, double guidanceScale, String sampler, long seed) {

  /** Settings differ on purpose: they all share one batch. */
  static final List<DemoJob> ALL =
      List.of(
          new DemoJob("a cat on a blue background", 128, 20, 4.0, "ddim", 42),
          new DemoJob("a red apple on a green background", 128, 15, 4.0, "euler", 1),
          new DemoJob("a fox on a white background", 128, 12, 5.0, "dpmpp-2m", 2024),
          new DemoJob("a pizza on a yellow background", 128, 25, 5.0, "ddim", 7),
          new DemoJob("a penguin on a pink background", 128, 18, 4.5, "euler-karras", 5),
          new DemoJob("a sunflower on a purple background", 128, 20, 3.0, "ddim", 11),
          new DemoJob("an owl on a teal background", 128, 16, 4.0, "dpmpp-2m-karras", 3),
          new DemoJob("a whale on an orange background", 160, 20, 4.0, "euler", 8));
}
