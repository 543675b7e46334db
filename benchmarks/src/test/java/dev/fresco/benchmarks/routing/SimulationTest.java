package dev.fresco.benchmarks.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.benchmarks.mask.MaskRatios;
import dev.fresco.planning.cost.StepCost;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {
  /** A step costs 10 ms and 100 for each whole picture, always. */
  private static final Machine EXACT = new Machine(2, new StepCost(10, 100, 0), 0, 2, 1000);

  private static final MaskRatios WHOLE = new MaskRatios("whole", new double[] {1});

  private static Policy policy(int index, Machine machine) {
    return Policies.all(machine, false).get(index);
  }

  private static List<Workload.Request> at(Workload workload, double... millis) {
    List<Workload.Request> drawn = workload.draw(1);
    return IntStream.range(0, millis.length)
        .mapToObj(
            i -> new Workload.Request(millis[i], drawn.get(i).job(), drawn.get(i).recording()))
        .toList();
  }

  private static double[] millis(List<Simulation.Served> served) {
    return served.stream().mapToDouble(Simulation.Served::millis).toArray();
  }

  @Test
  void requestsJoinBetweenStepsAndShareThem() {
    Workload workload = new Workload(WHOLE, 1, 1, 3, 2, 0);
    // The first alone for one step of 110; at 110 the second joins: 210; then the third, who waited
    // for a slot, joins the second: 210; then it is alone: 110.
    assertThat(millis(new Simulation(policy(1, EXACT), 1, EXACT, 1).run(at(workload, 0, 50, 60))))
        .containsExactly(new double[] {320, 480, 580}, within(1e-6));
  }

  @Test
  void aRecordingIsFetchedOnceAndOthersGoFirst() {
    Workload workload = new Workload(WHOLE, 1, 1, 2, 2, 1);
    Simulation simulation = new Simulation(policy(1, EXACT), 1, EXACT, 1);
    assertThat(millis(simulation.run(at(workload, 0, 2000))))
        .containsExactly(new double[] {1220, 220}, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void everyPolicyServesAllAndDoesTheSameAgain(int index) {
    Machine machine = Machine.of(100, .3, .1, 10, 500);
    Workload workload = new Workload(MaskRatios.named("public"), 4, .4, 400, 20, 30);
    List<Simulation.Served> once =
        new Simulation(policy(index, machine), 4, machine, 7).run(workload.draw(7));
    assertThat(once).hasSize(400).allMatch(served -> served.millis() > 20 * 30);
    assertThat(new Simulation(policy(index, machine), 4, machine, 7).run(workload.draw(7)))
        .isEqualTo(once);
  }

  /** Workers of two slots: by tokens the first, by room the second, in the end neither. */
  @Test
  void aPolicyThatBindsLateLooksForRoomFirst() {
    Policy early = Policies.all(EXACT, false).get(2);
    Policy late = Policies.all(EXACT, true).get(2);
    Workload.Request next = new Workload(WHOLE, 1, 1, 1, 10, 0).draw(1).get(0);
    List<SimulatedWorker> workers = List.of(worker("w0", EXACT, .1, .1), worker("w1", EXACT, 1));
    assertThat(early.choose(next, workers, 0)).isZero();
    assertThat(late.choose(next, workers, 0)).isOne();
    workers.get(1).give(next, 0);
    assertThat(early.choose(next, workers, 0)).isZero();
    assertThat(late.choose(next, workers, 0)).isEqualTo(-1);
  }

  @Test
  void theMaskAwareChoiceGoesToTheSmallerMasks() {
    Machine machine = new Machine(8, new StepCost(10, 100, 0), 0, 1, 0);
    MaskRatios ratios = new MaskRatios("two", new double[] {1});
    List<Workload.Request> drawn = new Workload(ratios, 2, 1, 4, 10, 0).draw(1);
    SimulatedWorker large = worker("w0", machine, 1.0);
    SimulatedWorker small = worker("w1", machine, .1, .1);
    assertThat(policy(3, machine).choose(drawn.get(0), List.of(large, small), 1)).isOne();
    assertThat(policy(1, machine).choose(drawn.get(0), List.of(large, small), 1)).isZero();
  }

  /** A worker that has taken steps of one and of two pictures, and has these in its batch. */
  private static SimulatedWorker worker(String id, Machine machine, double... ratios) {
    SimulatedWorker worker = new SimulatedWorker(id, machine, new SplittableRandom(1));
    for (double ratio : ratios) {
      MaskRatios one = new MaskRatios("one", new double[] {ratio});
      worker.give(new Workload(one, 1, 1, 1, 10, 0).draw(1).get(0), 0);
      worker.startStep(0);
      worker.endStep();
    }
    return worker;
  }

  @Test
  void theMaskRatiosAreThoseOfTheirFiles() {
    assertThat(MaskRatios.named("production").values()).hasSize(970);
    assertThat(MaskRatios.named("production").mean()).isCloseTo(.112, within(.0005));
    assertThat(MaskRatios.named("public").values()).hasSize(1870 + 1918);
    assertThat(MaskRatios.named("public").mean()).isCloseTo(.193, within(.0005));
    assertThat(MaskRatios.named("inpaint").mean()).isCloseTo(.354, within(.0005));
  }
}
