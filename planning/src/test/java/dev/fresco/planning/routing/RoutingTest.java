package dev.fresco.planning.routing;

import static dev.fresco.planning.queue.Jobs.START;
import static dev.fresco.planning.queue.Jobs.job;
import static dev.fresco.planning.routing.Workers.fleet;
import static dev.fresco.planning.routing.Workers.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.planning.queue.JobNeeds;
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
      new Routing(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(1));
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
    assertAssigned(ROUTING.choose(job.job(), fleet, START), workerId, millis);
  }

  private static void assertAssigned(RoutingDecision decision, String workerId, int millis) {
    assertThat(decision)
        .isInstanceOfSatisfying(
            RoutingDecision.Assign.class,
            assign -> {
              assertThat(assign.workerId()).isEqualTo(workerId);
              assertThat(assign.partition()).isZero();
              assertThat(assign.foreseenFinish()).isEqualTo(START.plusMillis(millis));
            });
  }

  /** Workers of 4 slots; costs of a step, of a picture computed and of one loaded; fetch 1 s. */
  static Stream<Arguments> edits() {
    Jobs edit = ONE.edit(.2, "e");
    String recording = Workers.recording("e");
    return Stream.of(
        Arguments.of(
            "small masks beside it, not few pictures",
            fleet(
                edits("a").member(10),
                edits("b").member(10, .1).member(10, .1),
                edits("c").member(30).member(30)),
            ONE,
            "b",
            1160),
        Arguments.of(
            "a whole picture that is almost done",
            fleet(edits("a").member(1), edits("b").member(10, .2)),
            ONE,
            "a",
            180 + 9 * 100),
        Arguments.of(
            "with its mask, where the recording is",
            fleet(edits("a"), edits("b").has(recording)),
            edit,
            "b",
            10 * (20 + 16)),
        Arguments.of(
            "what is loaded costs too",
            fleet(edits("a").cost(20, 80, 100).has(recording)),
            edit,
            "a",
            10 * (20 + 16 + 80)),
        Arguments.of(
            "fetched, if the worker that has it is busy for long",
            fleet(edits("a"), edits("b").has(recording).member(99).member(99).member(99)),
            edit,
            "a",
            1000 + 360),
        Arguments.of(
            "recorded beside it, if nobody has it",
            fleet(edits("a").has(Workers.recording("d"))),
            edit,
            "a",
            10 * (20 + 2 * 80)),
        Arguments.of(
            "whole, where its recording is under way",
            fleet(edits("a"), edits("b").isMaking(recording)),
            edit,
            "b",
            10 * (20 + 80)),
        Arguments.of(
            "another model's recording is none",
            fleet(edits("a").has(Workers.recording("e", "r2"))),
            edit,
            "a",
            10 * (20 + 2 * 80)),
        Arguments.of(
            "where the adapter is",
            fleet(edits("a"), edits("b").hasAdapter("lora")),
            ONE.needs(new JobNeeds(1, null, Set.of("lora"))),
            "b",
            1000),
        Arguments.of(
            "fetching goes on while it waits",
            fleet(
                edits("a").slots(1, 1).member(12, .5).has(recording),
                edits("b").slots(1, 1).member(20, .5)),
            edit,
            "a",
            12 * 60 + 360));
  }

  private static Workers edits(String id) {
    return worker(id).slots(4, 0).cost(20, 80, 0);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("edits")
  void choosesByMasks(String name, Fleet fleet, Jobs job, String workerId, int millis) {
    assertAssigned(ROUTING.choose(job.job(), fleet, START), workerId, millis);
  }

  @Test
  void aSecondEditOfATemplateDoesNotRecordItAgain() {
    Fleet fleet = fleet(edits("a"));
    RoutingDecision.Assign first =
        (RoutingDecision.Assign) ROUTING.choose(ONE.edit(.2, "e").job(), fleet, START);
    assertThat(first.given()).isEqualTo(new InFlight("j", 1, 10, 1, Workers.recording("e")));
    WorkerView given = fleet.worker("a").given(first.given());
    RoutingDecision.Assign second =
        (RoutingDecision.Assign)
            ROUTING.choose(job("t", "k").edit(.2, "e").job(), fleet.with(given), START);
    assertThat(second.given()).isEqualTo(new InFlight("k", 1, 10, 1, null));
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
    WorkerView worker = worker("a").view().given(new InFlight("x", 2, 10, 1, null));
    Fleet fleet = fleet(worker("a")).with(worker);
    assertThat(worker.room()).isEqualTo(1);
    assertAssigned(ROUTING.choose(ONE.job(), fleet, START), "a", 2000);
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
