package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.sampler.NoiseLevel;

/**
 * The part of a picture that an edit leaves as it is: after each step the latents outside the mask
 * are the picture's own, at the noise level that the step ends at (blended latent diffusion,
 * arXiv:2206.02779, algorithm 1).
 *
 * @param picture {@code [1, channels, height, width]}
 * @param noise likewise, at which the member began
 * @param mask {@code [1, 1, height, width]}, 1 where the edit paints
 */
record Blending(NDArray picture, NDArray noise, NDArray mask) {

  static Blending of(NDManager manager, MemberStart.Kept kept) {
    HostTensor mask = kept.mask();
    return new Blending(
        Member.row(manager, kept.picture()),
        Member.row(manager, kept.noise()),
        manager.create(mask.data(), new Shape(1, 1, mask.shape()[0], mask.shape()[1])));
  }

  /** What a step made, with the picture blended in; what the step made is closed. */
  Member.Advanced into(NDManager scope, Kernel kernel, Member.Advanced step, NoiseLevel level) {
    return new Member.Advanced(
        blended(scope, kernel, step.sample(), level),
        blended(scope, kernel, step.estimate(), NoiseLevel.CLEAN),
        step.memory(),
        step.notFinite());
  }

  private NDArray blended(NDManager scope, Kernel kernel, NDArray sample, NoiseLevel level) {
    try (sample) {
      return kernel
          .call("blend")
          .tensor(sample)
          .tensor(picture)
          .tensor(noise)
          .tensor(mask)
          .decimal(level.signal())
          .decimal(level.noise())
          .run(scope);
    }
  }
}
