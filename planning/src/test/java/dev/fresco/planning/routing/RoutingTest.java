package dev.fresco.planning.routing;

import static dev.fresco.planning.queue.Jobs.START;
import static dev.fresco.planning.queue.Jobs.job;
import static dev.fresco.planning.routing.Workers.fleet;
import static dev.fresco.planning.routing.Workers.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.planning.queue.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RoutingTest {
  private static final Routing ROUTING =
      new Routing(Duration.ofSeconds(10), Duration.ofSeconds(60));
  private static final Jobs ONE = job("t", "j");

  static Stream<Arguments> choices() {
    return Stream.of(
        Arguments.of("idle, ties by id", fleet(worker("b"), worker("a")), ONE, "a", 1000),
        Arguments.of(
            "the faster one", fleet(worker("a"), worker("b").stepMillis(50)), ONE, "b", 500),
        Arguments.of(
            "a free slot beats a faster queue",
            fleet(worker("a").stepMillis(60).member(30).member(30), worker("b")),
            ONE,
            "b",
            1000),
        Arguments.of(
            "look-ahead room counts", fleet(worker("a").member(3).member(8)), ONE, "a", 1300),
        Arguments.of(
            "waiting pictures go first",
            fleet(worker("a").slots(2, 2).member(3).member(8).waiting(1, 4)),
            ONE,
            "a",
            1700),
        Arguments.of(
            "no step yet: as fast as the others",
            fleet(worker("a").stepMillis(0).member(1), worker("b").stepMillis(20)),
            ONE,
            "a",
            200),
        Arguments.of(
            "all fresh: the idle one",
            fleet(worker("a").slots(1, 1).stepMillis(0).member(1), worker("b").stepMillis(0)),
            ONE,
            "b",
            1000),
        Arguments.of(
            "the other model is somebody else's",
            fleet(worker("a").models("other"), worker("b")),
            ONE,
            "b",
            1000),
        Arguments.of(
            "dead, draining, homeless, other role",
            fleet(
                worker("a").at(START.minusSeconds(11)),
                worker("b").draining(),
                worker("c").partitions(),
                worker("d").roles("controlnet"),
                worker("e")),
            ONE,
            "e",
            1000),
        Arguments.of(
            "a status of exactly the limit is live",
            fleet(worker("a").at(START.minusSeconds(10))),
            ONE,
            "a",
            1000),
        Arguments.of(
            "more pictures than slots: an empty worker takes them",
            fleet(worker("a").member(1), worker("b")),
            ONE.pictures(6),
            "b",
            3000));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("choices")
  void chooses(String name, Fleet fleet, Jobs job, String workerId, int millis) {
    assertThat(ROUTING.choose(job.job(), fleet, START))
        .isEqualTo(new RoutingDecision.Assign(workerId, 0, START.plusMillis(millis)));
  }

  static Stream<Arguments> waits() {
    return Stream.of(
        Arguments.of("nobody ever", fleet(), WaitReason.MODEL_UNKNOWN),
        Arguments.of(
            "another model only", fleet(worker("a").models("other")), WaitReason.MODEL_UNKNOWN),
        Arguments.of(
            "down", fleet(worker("a").at(START.minusSeconds(99))), WaitReason.WORKERS_DOWN),
        Arguments.of("draining", fleet(worker("a").draining()), WaitReason.WORKERS_CLOSED),
        Arguments.of("no partition", fleet(worker("a").partitions()), WaitReason.WORKERS_CLOSED),
        Arguments.of(
            "full", fleet(worker("a").member(1).member(1).waiting(1, 1)), WaitReason.NO_ROOM));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waits")
  void waits(String name, Fleet fleet, WaitReason reason) {
    assertThat(ROUTING.choose(ONE.job(), fleet, START)).isEqualTo(new RoutingDecision.Wait(reason));
  }

  @Test
  void aJobThatDoesNotFitBesideOthersWaits() {
    assertThat(ROUTING.choose(ONE.pictures(3).job(), fleet(worker("a").member(1)), START))
        .isEqualTo(new RoutingDecision.Wait(WaitReason.NO_ROOM));
  }

  @Test
  void whatTheStatusDoesNotShowYetCounts() {
    WorkerView worker = worker("a").view().given(new InFlight("x", 2, 10));
    Fleet fleet = fleet(worker("a")).with(worker);
    assertThat(worker.room()).isEqualTo(1);
    assertThat(ROUTING.choose(ONE.job(), fleet, START))
        .isEqualTo(new RoutingDecision.Assign("a", 0, START.plusMillis(2000)));
    assertThat(ROUTING.choose(ONE.pictures(2).job(), fleet, START))
        .isEqualTo(new RoutingDecision.Wait(WaitReason.NO_ROOM));
  }

  @Test
  void anUnknownModelIsRefusedWhenItsTimeIsOver() {
    Instant before = START.plusSeconds(60).minusMillis(1);
    assertThat(ROUTING.choose(ONE.job(), fleet(), before)).isInstanceOf(RoutingDecision.Wait.class);
    assertThat(ROUTING.choose(ONE.job(), fleet(), START.plusSeconds(60)))
        .isInstanceOfSatisfying(
            RoutingDecision.Refuse.class,
            refuse -> {
              assertThat(refuse.code()).isEqualTo(ErrorCode.MODEL_NOT_SERVED);
              assertThat(refuse.message())
                  .contains("model m", "60000 ms", "fresco.router.model-timeout");
            });
  }

  @Test
  void aModelWhoseWorkersAreDownIsNeverRefused() {
    Fleet fleet = fleet(worker("a"));
    assertThat(ROUTING.choose(ONE.job(), fleet, START.plus(Duration.ofDays(2))))
        .isEqualTo(new RoutingDecision.Wait(WaitReason.WORKERS_DOWN));
  }

  @Test
  void jobsSpreadOverTheWorkersPartitions() {
    Fleet fleet = fleet(worker("a").partitions(3, 5, 7));
    Set<Integer> partitions = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      RoutingDecision decision = ROUTING.choose(job("t", "job-" + i).job(), fleet, START);
      partitions.add(((RoutingDecision.Assign) decision).partition());
    }
    assertThat(partitions).containsExactlyInAnyOrder(3, 5, 7);
  }
}
