package dev.fresco.planning.queue;

import static dev.fresco.planning.queue.Jobs.START;
import static dev.fresco.planning.queue.Jobs.job;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.contracts.job.Priority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FairOrderTest {
  private static final FairShares NOTHING_YET = FairShares.initial(Map.of());

  @Test
  void tenantsTakeTurns() {
    assertThat(
            order(
                NOTHING_YET,
                job("a", "a1"),
                job("a", "a2").createdAt(1),
                job("a", "a3").createdAt(2),
                job("b", "b1").createdAt(3)))
        .containsExactly("a1", "b1", "a2", "a3");
  }

  @Test
  void aWeightOfTwoGoesTwiceAsOften() {
    FairShares shares = FairShares.initial(Map.of("a", 2.0));
    assertThat(
            order(
                shares,
                job("a", "a1"),
                job("a", "a2"),
                job("a", "a3"),
                job("a", "a4"),
                job("b", "b1"),
                job("b", "b2")))
        .containsExactly("a1", "b1", "a2", "a3", "b2", "a4");
  }

  @Test
  void largeJobsCountMore() {
    assertThat(
            order(
                NOTHING_YET,
                job("a", "a1").work(30),
                job("a", "a2"),
                job("b", "b1"),
                job("b", "b2"),
                job("b", "b3"),
                job("b", "b4")))
        .containsExactly("a1", "b1", "b2", "b3", "a2", "b4");
  }

  @Test
  void withinATenantPriorityThenDeadlineThenAgeThenId() {
    assertThat(
            order(
                NOTHING_YET,
                job("a", "low").wish(Priority.LOW, START),
                job("a", "old").createdAt(1),
                job("a", "tie2").createdAt(2),
                job("a", "tie1").createdAt(2),
                job("a", "late").wish(Priority.NORMAL, START.plusSeconds(9)),
                job("a", "soon").wish(Priority.NORMAL, START.plusSeconds(3)).createdAt(5),
                job("a", "high").wish(Priority.HIGH, null).createdAt(9)))
        .containsExactly("high", "soon", "late", "old", "tie1", "tie2", "low");
  }

  @Test
  void priorityDoesNotReachIntoAnotherTenant() {
    FairShares shares = NOTHING_YET.served(job("a", "a0").job());
    assertThat(order(shares, job("a", "urgent").wish(Priority.HIGH, null), job("b", "b1")))
        .containsExactly("b1", "urgent");
  }

  @Test
  void askingForNothingGivesNoCredit() {
    FairShares shares = NOTHING_YET;
    for (int i = 0; i < 10; i++) {
      shares = shares.served(job("a", "a" + i).job()).keeping(Set.of("a"));
    }
    assertThat(shares.virtualTime()).isEqualTo(90);
    assertThat(shares.start("a")).isEqualTo(100);
    assertThat(shares.start("newcomer")).isEqualTo(90);
  }

  @Test
  void whoWaitsForRoomKeepsItsTurn() {
    FairShares shares = NOTHING_YET.keeping(Set.of("b"));
    for (int i = 0; i < 3; i++) {
      shares = shares.served(job("a", "a" + i).job()).keeping(Set.of("b"));
    }
    assertThat(shares.start("b")).isZero();
    assertThat(shares.keeping(Set.of()).start("b")).isEqualTo(shares.virtualTime());
  }

  @Test
  void aWeightMustBePositive() {
    assertThatThrownBy(() -> FairShares.initial(Map.of("a", 0.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight of tenant a is 0.0");
  }

  /** In any prefix of the order two tenants that both still wait differ by one job at most. */
  @Property
  void noTenantStarves(@ForAll("queues") List<PendingJob> queue) {
    double largest = queue.stream().mapToDouble(PendingJob::work).max().orElse(0);
    Map<String, Integer> left = new HashMap<>();
    queue.forEach(job -> left.merge(job.tenant(), 1, Integer::sum));
    Map<String, Double> had = new HashMap<>();
    left.keySet().forEach(tenant -> had.put(tenant, 0.0));
    for (PendingJob job : FairOrder.of(queue, NOTHING_YET)) {
      had.merge(job.tenant(), job.work(), Double::sum);
      left.merge(job.tenant(), -1, Integer::sum);
      left.forEach(
          (tenant, jobs) -> {
            if (jobs > 0) {
              assertThat(had.get(job.tenant()) - had.get(tenant)).isLessThanOrEqualTo(largest);
            }
          });
    }
  }

  @Property
  void everyJobOnceWhateverTheOrderOfArrival(
      @ForAll("queues") List<PendingJob> queue, @ForAll long seed) {
    List<PendingJob> shuffled = new ArrayList<>(queue);
    Collections.shuffle(shuffled, new Random(seed));
    List<PendingJob> order = FairOrder.of(shuffled, NOTHING_YET);
    assertThat(order).containsExactlyInAnyOrderElementsOf(queue);
    assertThat(order).isEqualTo(FairOrder.of(queue, NOTHING_YET));
  }

  @Property
  void equalJobsOfATenantGoFirstInFirstOut(@ForAll("queues") List<PendingJob> queue) {
    List<PendingJob> order = FairOrder.of(queue, NOTHING_YET);
    for (int i = 0; i < order.size(); i++) {
      for (int j = i + 1; j < order.size(); j++) {
        PendingJob earlier = order.get(i);
        PendingJob later = order.get(j);
        if (earlier.tenant().equals(later.tenant())
            && earlier.priority() == later.priority()
            && earlier.deadline() == later.deadline()) {
          assertThat(earlier.createdAt()).isBeforeOrEqualTo(later.createdAt());
        }
      }
    }
  }

  @Property
  void takingAJobOutKeepsTheOthersOfItsTenantInOrder(
      @ForAll("queues") List<PendingJob> queue, @ForAll Random random) {
    PendingJob gone = queue.get(random.nextInt(queue.size()));
    List<PendingJob> rest = queue.stream().filter(job -> job != gone).toList();
    List<PendingJob> order = FairOrder.of(rest, NOTHING_YET);
    assertThat(order).containsExactlyInAnyOrderElementsOf(rest);
    for (String tenant : Set.of("a", "b", "c")) {
      assertThat(ofTenant(order, tenant))
          .isEqualTo(
              ofTenant(FairOrder.of(queue, NOTHING_YET), tenant).stream()
                  .filter(job -> job != gone)
                  .toList());
    }
  }

  private static List<PendingJob> ofTenant(List<PendingJob> order, String tenant) {
    return order.stream().filter(job -> job.tenant().equals(tenant)).toList();
  }

  @Provide
  Arbitrary<List<PendingJob>> queues() {
    Arbitrary<PendingJob> jobs =
        Combinators.combine(
                Arbitraries.of("a", "b", "c"),
                Arbitraries.integers().between(1, 100),
                Arbitraries.of(Priority.class),
                Arbitraries.integers().between(0, 5))
            .as(
                (tenant, work, priority, second) ->
                    job(tenant, "unnamed")
                        .work(work)
                        .wish(priority, second == 5 ? START : null)
                        .createdAt(second)
                        .job());
    return jobs.list().ofMinSize(1).ofMaxSize(30).map(FairOrderTest::withIds);
  }

  private static List<PendingJob> withIds(List<PendingJob> jobs) {
    List<PendingJob> named = new ArrayList<>();
    for (PendingJob job : jobs) {
      named.add(
          new PendingJob(
              "job-" + named.size(),
              job.tenant(),
              job.model(),
              job.pictures(),
              job.steps(),
              job.work(),
              job.priority(),
              job.deadline(),
              job.createdAt(),
              job.queuedAt(),
              job.needs()));
    }
    return named;
  }

  private static List<String> order(FairShares shares, Jobs... jobs) {
    return FairOrder.of(Stream.of(jobs).map(Jobs::job).toList(), shares).stream()
        .map(PendingJob::jobId)
        .toList();
  }
}
