package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.peer.PeerException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.parity.RelativeError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets contestants take turns of a few steps each until all have done the workload, so that what
 * else the machine does hits them alike. A peer that fails is out; the others go on.
 *
 * @param contestants the first one is who the others' pictures are compared with
 * @param progress is told how far they are
 */
record SideBySide(List<Contestant> contestants, Workload workload, Consumer<String> progress) {
  private static final int STEPS_OF_A_TURN = 2;

  /**
   * What came of one contestant.
   *
   * @param turn all measured steps; empty if it failed
   * @param failure why
   * @param peakMemory of its process during the steps, in MiB
   * @param difference of its first picture's latents from the first contestant's, relative
   */
  record Result(
      Contestant contestant,
      Optional<Turn> turn,
      Optional<String> failure,
      Optional<Long> peakMemory,
      Optional<Double> difference) {}

  /** The results in the order of the contestants. */
  List<Result> run(int pictures) {
    Map<Contestant, List<Turn>> turns = new LinkedHashMap<>();
    contestants.forEach(contestant -> turns.put(contestant, new ArrayList<>()));
    Map<Contestant, String> failures = new LinkedHashMap<>();
    each(failures, contestant -> warmUp(contestant, pictures));
    for (int done = 0; done < workload.steps(); done += STEPS_OF_A_TURN) {
      int steps = Math.min(STEPS_OF_A_TURN, workload.steps() - done);
      each(failures, contestant -> turns.get(contestant).add(contestant.turn(steps)));
      progress.accept("%d of %d steps".formatted(done + steps, workload.steps()));
    }
    Map<Contestant, HostTensor> latents = new LinkedHashMap<>();
    each(failures, contestant -> latents.put(contestant, contestant.latents(0)));
    HostTensor reference = latents.get(contestants.get(0));
    List<Result> results = new ArrayList<>();
    for (Contestant contestant : contestants) {
      results.add(
          failures.containsKey(contestant)
              ? failed(contestant, failures.get(contestant))
              : new Result(
                  contestant,
                  Optional.of(Turn.together(turns.get(contestant))),
                  Optional.empty(),
                  contestant.process().peakMemory(),
                  Optional.of(RelativeError.of(latents.get(contestant).data(), reference.data()))));
    }
    return results;
  }

  private static Result failed(Contestant contestant, String why) {
    return new Result(
        contestant, Optional.empty(), Optional.of(why), Optional.empty(), Optional.empty());
  }

  private void warmUp(Contestant contestant, int pictures) {
    contestant.begin(pictures);
    contestant.process().forgetPeak();
    if (workload.warmUp() > 0) {
      long[] steps = contestant.turn(workload.warmUp()).nanoseconds();
      progress.accept(
          Words.number(contestant.name() + ": its first step took %.1f s", steps[0] * 1e-9));
    }
  }

  /** Does something with every contestant that has not failed. */
  private void each(Map<Contestant, String> failures, Consumer<Contestant> act) {
    for (Contestant contestant : contestants) {
      if (!failures.containsKey(contestant)) {
        try {
          act.accept(contestant);
        } catch (PeerException e) {
          failures.put(contestant, e.getMessage());
        }
      }
    }
  }
}
