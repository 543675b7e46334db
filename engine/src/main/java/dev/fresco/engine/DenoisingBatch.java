package dev.fresco.engine;

import java.util.Collection;

/**
 * Pictures that are denoised together, one step at a time. Members differ in sampler, steps,
 * guidance, seed and size; they join and leave between steps. Not thread-safe.
 *
 * @param <K> how the caller names members
 */
public interface DenoisingBatch<K> extends AutoCloseable {
  /**
   * Adds a picture at its initial noise.
   *
   * @throws OutOfMemoryException if it does not fit beside the others; the batch is unchanged
   * @throws EngineException if the settings do not fit the model; the batch is unchanged
   */
  void join(K member, PictureRequest request);

  /**
   * Advances each named member by one step. All or nothing: if it throws, no member has moved, and
   * the caller may try them one by one to find the one at fault.
   *
   * @throws OutOfMemoryException if memory is short; fewer members may fit
   * @throws EngineException if a step fails, a member's latents stop being finite, or a member has
   *     taken all its steps
   */
  void step(Collection<K> members);

  /** Steps that a member has taken. */
  int stepsDone(K member);

  /**
   * Steps that make a member's picture: those of its settings, or the share of them that its
   * strength leaves if it starts from a picture.
   */
  int stepsTotal(K member);

  /** A copy of a member's latents, {@code [channels, height, width]}. */
  HostTensor latents(K member);

  /** The member's estimate of its finished latents, for a preview; shaped like the latents. */
  HostTensor estimate(K member);

  /** Takes a member out and frees what it held; unknown members are ignored. */
  void leave(K member);

  @Override
  void close();
}
