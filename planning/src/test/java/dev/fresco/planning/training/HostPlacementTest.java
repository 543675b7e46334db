package dev.fresco.planning.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.training.HostPlacement.SlowPair;
import dev.fresco.planning.training.HostPlacement.Tie;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class HostPlacementTest {

  private static SlowPair slow(int host, int other) {
    return new SlowPair(host, other, 30);
  }

  @Test
  void aSlowPairOfReplicasIsParted() {
    HostPlacement placed = HostPlacement.first(2, 2);
    assertThat(placed.tie(0, 2)).isEqualTo(Tie.GROUP);
    HostPlacement better = placed.avoiding(List.of(slow(0, 2)));
    assertThat(better.tie(0, 2)).isEqualTo(Tie.NONE);
    assertThat(better.hosts()).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  /** One stage only: every pair is between replicas, and no move helps. */
  @Test
  void whatCannotBeHelpedStays() {
    HostPlacement placed = HostPlacement.first(1, 3);
    assertThat(placed.avoiding(List.of(slow(0, 2)))).isEqualTo(placed);
    HostPlacement healthy = HostPlacement.first(3, 2);
    assertThat(healthy.avoiding(List.of())).isEqualTo(healthy);
  }

  /** A host whose links are all slow gets into a pipeline, where two of them at most are used. */
  @Test
  void whatCannotBeAvoidedGoesIntoThePipeline() {
    HostPlacement placed = HostPlacement.first(2, 2);
    List<SlowPair> slow = List.of(slow(0, 1), slow(0, 2), slow(0, 3), slow(1, 3));
    HostPlacement better = placed.avoiding(slow);
    assertThat(placed.count(slow, Tie.GROUP)).isEqualTo(2);
    assertThat(better.count(slow, Tie.GROUP)).isEqualTo(1);
  }

  record Case(int stages, int replicas, List<SlowPair> slow) {}

  @Provide
  Arbitrary<Case> cases() {
    return Arbitraries.of(new int[] {2, 2}, new int[] {3, 2}, new int[] {4, 2}, new int[] {2, 3})
        .flatMap(
            sizes ->
                pair(sizes[0] * sizes[1])
                    .list()
                    .uniqueElements()
                    .ofMinSize(1)
                    .ofMaxSize(4)
                    .map(slow -> new Case(sizes[0], sizes[1], slow)));
  }

  private static Arbitrary<SlowPair> pair(int hosts) {
    return Arbitraries.integers()
        .between(0, hosts * (hosts - 1) / 2 - 1)
        .map(
            number -> {
              int other = 1;
              int before = 0;
              while (before + other <= number) {
                before += other++;
              }
              return slow(number - before, other);
            });
  }

  @Property(tries = 60)
  void noPlacementHasFewerSlowPairsBetweenReplicas(@ForAll("cases") Case one) {
    HostPlacement found = HostPlacement.first(one.stages(), one.replicas()).avoiding(one.slow());
    assertThat(found.hosts()).doesNotHaveDuplicates();
    assertThat(found.count(one.slow(), Tie.GROUP)).isEqualTo(leastInGroups(one));
  }

  private static long leastInGroups(Case one) {
    List<Integer> hosts =
        new ArrayList<>(HostPlacement.first(one.stages(), one.replicas()).hosts());
    return least(one, hosts, 0, Long.MAX_VALUE);
  }

  private static long least(Case one, List<Integer> hosts, int fixed, long best) {
    if (best == 0) {
      return 0;
    }
    if (fixed == hosts.size()) {
      return Math.min(best, new HostPlacement(one.stages(), hosts).count(one.slow(), Tie.GROUP));
    }
    for (int i = fixed; i < hosts.size(); i++) {
      Collections.swap(hosts, fixed, i);
      best = least(one, hosts, fixed + 1, best);
      Collections.swap(hosts, fixed, i);
    }
    return best;
  }
}
