package dev.fresco.planning.routing;

import static dev.fresco.planning.queue.Jobs.START;
import static dev.fresco.planning.queue.Jobs.job;
import static dev.fresco.planning.routing.Workers.fleet;
import static dev.fresco.planning.routing.Workers.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.queue.FairShares;
import dev.fresco.planning.queue.Jobs;
import dev.fresco.planning.queue.PendingJob;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DispatchPlanTest {
  private static final Routing ROUTING =
      new Routing(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(1));
  private static final FairShares NOTHING_YET = FairShares.initial(Map.of());

  @Test
  void fillsTheWorkersAndLeavesTheRest() {
    DispatchPlan plan =
        plan(
            fleet(worker("w1").slots(1, 1), worker("w2").slots(1, 0)),
            job("a", "a1"),
            job("a", "a2").createdAt(1),
            job("a", "a3").createdAt(2),
            job("a", "a4").createdAt(3));
    assertThat(placed(plan)).containsExactly("a1>w1", "a2>w2", "a3>w1");
    assertThat(plan.shares().start("a")).isEqualTo(30);
  }

  @Test
  void aModelThatIsDownHoldsUpNobody() {
    DispatchPlan plan =
        plan(
            fleet(worker("w1").models("other").at(START.minusSeconds(60)), worker("w2")),
            job("a", "a1").model("other"),
            job("a", "a2").createdAt(1));
    assertThat(placed(plan)).containsExactly("a2>w2");
  }

  @Test
  void smallJobsDoNotOvertakeALargeOne() {
    Fleet fleet = fleet(worker("w1").slots(4, 0).member(5).member(5).member(5));
    assertThat(placed(plan(fleet, job("a", "large").pictures(4), job("a", "small").createdAt(1))))
        .isEmpty();
    assertThat(placed(plan(fleet, job("a", "small").createdAt(1)))).containsExactly("small>w1");
  }

  @Test
  void aLargeJobKeepsOnlyOneWorkerFree() {
    Fleet fleet =
        fleet(worker("w1").slots(4, 0).member(5), worker("w2").slots(4, 0).member(50).member(50));
    assertThat(placed(plan(fleet, job("a", "large").pictures(5), job("a", "small").createdAt(1))))
        .containsExactly("small>w2");
  }

  @Test
  void aWorkerKeptFreeIsClosedToOtherModelsToo() {
    Fleet fleet = fleet(worker("w1").models("m", "n").slots(4, 0).member(5));
    assertThat(
            placed(
                plan(
                    fleet,
                    job("a", "large").pictures(4),
                    job("a", "small").model("n").createdAt(1))))
        .isEmpty();
  }

  @Test
  void refusesWhatNobodyHasEverServed() {
    Instant later = START.plusSeconds(60);
    DispatchPlan plan =
        DispatchPlan.of(
            ROUTING,
            List.of(job("a", "a1").model("nowhere").job(), job("a", "a2").job()),
            NOTHING_YET,
            fleet(worker("w1").at(later)),
            later);
    assertThat(plan.refused()).extracting(refused -> refused.job().jobId()).containsExactly("a1");
    assertThat(placed(plan)).containsExactly("a2>w1");
  }

  @Property
  void roomIsNeverExceededAndNothingIsBoundTwice(
      @ForAll("queues") List<PendingJob> queue, @ForAll("fleets") Fleet fleet) {
    DispatchPlan plan = DispatchPlan.of(ROUTING, queue, NOTHING_YET, fleet, START);
    assertThat(plan.bound()).extracting(DispatchPlan.Bound::job).doesNotHaveDuplicates();
    Map<String, WorkerView> after = new HashMap<>(fleet.workers());
    for (DispatchPlan.Bound bound : plan.bound()) {
      PendingJob job = bound.job();
      WorkerView worker = after.get(bound.to().workerId());
      assertThat(worker.fits(job.pictures())).isTrue();
      assertThat(bound.to().given().jobId()).isEqualTo(job.jobId());
      after.put(worker.workerId(), worker.given(bound.to().given()));
    }
  }

  /** Whoever keeps posting small jobs, a large one goes in bounded time. */
  @Test
  void aLargeJobGoesThoughSmallOnesKeepComing() {
    FairShares shares = NOTHING_YET;
    PendingJob large = job("a", "large").pictures(4).job();
    int[] stepsLeft = {4, 3, 2};
    for (int step = 0; step < 5; step++) {
      Workers busy = worker("w1").slots(4, 0);
      for (int left : stepsLeft) {
        if (left > step) {
          busy.member(left - step);
        }
      }
      PendingJob small = job("b", "small-" + step).createdAt(step + 1).job();
      DispatchPlan plan =
          DispatchPlan.of(ROUTING, List.of(small, large), shares, fleet(busy), START);
      shares = plan.shares();
      List<String> expected = step < 4 ? List.of() : List.of("large>w1");
      assertThat(placed(plan)).as("step %d", step).isEqualTo(expected);
    }
  }

  @Provide
  Arbitrary<List<PendingJob>> queues() {
    Arbitrary<Jobs> jobs =
        Combinators.combine(
                Arbitraries.of("a", "b", "c"),
                Arbitraries.integers().between(1, 6),
                Arbitraries.of("m", "n", "nowhere"),
                Arbitraries.integers().between(0, 1_000_000))
            .as(
                (tenant, pictures, model, id) ->
                    job(tenant, "job-" + id).pictures(pictures).model(model));
    return jobs.list()
        .uniqueElements(job -> job.job().jobId())
        .ofMaxSize(25)
        .map(all -> all.stream().map(Jobs::job).toList());
  }

  @Provide
  Arbitrary<Fleet> fleets() {
    Arbitrary<WorkerView> views =
        Combinators.combine(
                Arbitraries.integers().between(0, 9),
                Arbitraries.integers().between(1, 4),
                Arbitraries.integers().between(0, 2),
                Arbitraries.integers().between(0, 4),
                Arbitraries.of("m", "n"))
            .as(
                (id, slots, lookAhead, members, model) -> {
                  Workers worker = worker("w" + id).slots(slots, lookAhead).models(model);
                  for (int i = 0; i < Math.min(members, slots); i++) {
                    worker.member(i + 1);
                  }
                  return worker.view();
                });
    return views
        .list()
        .uniqueElements(WorkerView::workerId)
        .ofMaxSize(6)
        .map(
            all -> {
              Map<String, WorkerView> byId = new HashMap<>();
              all.forEach(view -> byId.put(view.workerId(), view));
              return new Fleet(byId, Set.of("m", "n"));
            });
  }

  private static DispatchPlan plan(Fleet fleet, Jobs... jobs) {
    return DispatchPlan.of(
        ROUTING, Stream.of(jobs).map(Jobs::job).toList(), NOTHING_YET, fleet, START);
  }

  private static List<String> placed(DispatchPlan plan) {
    List<String> placed = new ArrayList<>();
    plan.bound().forEach(bound -> placed.add(bound.job().jobId() + ">" + bound.to().workerId()));
    return placed;
  }
}
