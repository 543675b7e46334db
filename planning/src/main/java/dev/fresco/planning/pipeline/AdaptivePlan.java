package dev.fresco.planning.pipeline;

import dev.fresco.contracts.Require;
import java.util.ArrayList;
import java.util.List;

/**
 * How many forwards each stage is ahead: Adaptra (arXiv:2504.19232), Algorithms 1 and 2.
 *
 * <p>Goal: a delay on a link costs the iteration once, not once for each microbatch.
 *
 * <p>Constraints: the slackness of a link is the warm-up of the stage before it less that of the
 * stage behind it. A delay c does not cascade if {@code tF + tB + 2 c <= slackness (tF' + tB')},
 * with the times of the stage before the link and, primed, of the stage behind it (Equation 1).
 *
 * <p>Example: 4 equal stages, tF = tB = 10, 12 microbatches, link 0 delayed by 20. Links 1 and 2
 * need a slackness of 1 and get 2; link 0 needs (20 + 40) / 20 = 3: warm-ups 8, 5, 3, 1.
 *
 * @param warmups for each stage, at least 1 and no stage more than the one before it
 */
public record AdaptivePlan(List<Integer> warmups) {
  public AdaptivePlan {
    warmups = List.copyOf(warmups);
    Require.atLeast("the number of stages", warmups.size(), 1);
    for (int stage = 0; stage < warmups.size(); stage++) {
      Require.atLeast("the warm-up of stage " + stage, warmups.get(stage), 1);
      if (stage > 0 && warmups.get(stage) > warmups.get(stage - 1)) {
        throw new IllegalArgumentException(
            "the warm-up of stage "
                + stage
                + " is "
                + warmups.get(stage)
                + "; it must be at most that of the stage before, "
                + warmups.get(stage - 1));
      }
    }
  }

  /**
   * Algorithm 1: what memory allows, spread evenly, so that the least slackness is as large as it
   * can be. The first stage is ahead by what fits there, at most all microbatches; where less fits
   * on a later stage than its part, it gets that.
   */
  public static AdaptivePlan initial(PipelineShape shape) {
    int stages = shape.stages().size();
    int gaps = Math.max(1, stages - 1);
    List<Integer> warmups = new ArrayList<>();
    int first = fits(shape, 0);
    int warmup = first;
    for (int stage = 0; stage < stages; stage++) {
      warmup = Math.min(warmup, fits(shape, stage));
      warmups.add(warmup);
      int even = (first - 1) / gaps + (stage < (first - 1) % gaps ? 1 : 0);
      warmup = Math.max(1, warmup - even);
    }
    return new AdaptivePlan(warmups);
  }

  private static int fits(PipelineShape shape, int stage) {
    return (int) Math.min(shape.microbatches(), shape.stages().get(stage).memoryLimit());
  }

  /**
   * Algorithm 2: the least slackness, but at least 2, at which no delay cascades. Memory is not
   * asked for: activations move to the host with the messages of a delegated link. A slackness is
   * at most N - 2 S for N microbatches and S stages; where that is under 2, as Algorithm 2 does not
   * foresee, at most 2.
   */
  public static AdaptivePlan adapted(PipelineShape shape) {
    int stages = shape.stages().size();
    int most = Math.max(2, shape.microbatches() - 2 * stages);
    List<Integer> warmups = new ArrayList<>(List.of(1));
    for (int stage = stages - 2; stage >= 0; stage--) {
      warmups.add(0, warmups.get(0) + Math.min(most, slackness(shape, stage)));
    }
    return new AdaptivePlan(warmups);
  }

  private static int slackness(PipelineShape shape, int link) {
    double before = roundTrip(shape.stages().get(link)) + 2 * shape.links().get(link).delay();
    double behind = roundTrip(shape.stages().get(link + 1));
    if (before == 0) {
      return 2;
    }
    // A hair less, or rounding could make one of a ratio that is whole.
    return (int) Math.max(2, Math.ceil(before / behind - 1e-9));
  }

  private static double roundTrip(StageCost stage) {
    return stage.forward() + stage.inputGradient();
  }
}
