package dev.fresco.planning.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CostModelTest {
  /** A machine to learn: its steps cost this, times noise. */
  private record Machine(StepCost cost, double noise, SplittableRandom random) {
    static Machine of(double constant, double perOperation, double perByte) {
      return new Machine(new StepCost(constant, perOperation, perByte), 0, new SplittableRandom(7));
    }

    Machine noisy(double noise) {
      return new Machine(cost, noise, random);
    }

    /** The model after so many more steps of batches of 1 to 8 edits. */
    CostModel taught(CostModel model, int steps) {
      for (int step = 0; step < steps; step++) {
        StepWork work = batch(1 + random.nextInt(8));
        model = model.observed(work, millis(work));
      }
      return model;
    }

    StepWork batch(int members) {
      StepWork work = new StepWork(0, 0);
      for (int i = 0; i < members; i++) {
        double ratio = random.nextDouble();
        work = work.plus(new StepWork(ratio, 1e6 * (1 - ratio)));
      }
      return work;
    }

    double millis(StepWork work) {
      return cost.millis(work) * (1 + noise * (2 * random.nextDouble() - 1));
    }
  }

  private static void assertNear(CostModel model, StepCost cost, double share) {
    for (double pictures : new double[] {.1, 1, 4}) {
      StepWork work = new StepWork(pictures, 1e6 * pictures);
      double millis = cost.millis(work);
      assertThat(model.cost().millis(work)).isCloseTo(millis, within(share * millis));
    }
  }

  @Test
  void knowsNothingBeforeTheFirstStep() {
    assertThat(CostModel.empty().cost()).isEqualTo(new StepCost(0, 0, 0));
    assertThat(CostModel.empty().rSquared()).isZero();
  }

  @Test
  void theExampleOfTheClass() {
    CostModel one = CostModel.empty().observed(new StepWork(1, 0), 50);
    assertThat(one.cost().millis(new StepWork(1, 0))).isCloseTo(50, within(.1));
    assertThat(one.cost().constantMillis()).isCloseTo(25, within(.1));
    assertThat(one.cost().millisPerByte()).isZero();
    StepCost two = one.observed(new StepWork(2, 0), 80).cost();
    assertThat(two.constantMillis()).isCloseTo(20, within(.2));
    assertThat(two.millisPerOperation()).isCloseTo(30, within(.2));
  }

  @Property(tries = 100)
  void learnsAnyMachineWithinFortySteps(
      @ForAll @DoubleRange(min = 0, max = 100) double constant,
      @ForAll @DoubleRange(min = 1, max = 100) double perPicture,
      @ForAll @DoubleRange(min = 0, max = 100) double perMegabyte) {
    Machine machine = Machine.of(constant, perPicture, perMegabyte / 1e6);
    CostModel model = machine.taught(CostModel.empty(), 40);
    assertNear(model, machine.cost(), .05);
    assertThat(machine.taught(model, 200).rSquared()).isGreaterThan(.99);
  }

  @Test
  void noiseIsAveragedAndCostsRSquared() {
    Machine machine = Machine.of(20, 40, 1e-5).noisy(.1);
    CostModel model = machine.taught(CostModel.empty(), 400);
    assertNear(model, machine.cost(), .08);
    assertThat(model.rSquared()).isBetween(.9, .999);
  }

  /** Whatever is measured, no coefficient is negative, and more work never costs less. */
  @Property(tries = 200)
  void isNeverNegative(@ForAll @LongRange(min = 0, max = 1L << 40) long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    CostModel model = CostModel.empty();
    for (int step = 0; step < 60; step++) {
      double operations = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 1e12;
      double bytes = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 1e9;
      double millis = Math.exp(10 * random.nextDouble() - 2);
      model = model.observed(new StepWork(operations, bytes), millis);
      StepCost cost = model.cost();
      assertThat(cost.constantMillis()).isNotNegative().isFinite();
      assertThat(cost.millisPerOperation()).isNotNegative().isFinite();
      assertThat(cost.millisPerByte()).isNotNegative().isFinite();
      assertThat(model.rSquared()).isBetween(0.0, 1.0);
    }
  }

  /** Twice the units, half the coefficients: a picture or a FLOP may be the unit of work. */
  @Test
  void unitsDoNotMatter() {
    Machine machine = Machine.of(20, 40, 1e-5).noisy(.1);
    CostModel small = CostModel.empty();
    CostModel large = CostModel.empty();
    for (int step = 0; step < 30; step++) {
      StepWork work = machine.batch(1 + step % 4);
      double millis = machine.millis(work);
      small = small.observed(work, millis);
      large = large.observed(new StepWork(1e12 * work.operations(), work.bytes() / 1e6), millis);
    }
    StepWork work = new StepWork(2, 1e6);
    assertThat(large.cost().millis(2e12, 1))
        .isCloseTo(small.cost().millis(work), within(1e-6 * small.cost().millis(work)));
  }

  @Test
  void aStepThatWasHeldUpMovesLittle() {
    Machine machine = Machine.of(20, 40, 1e-5).noisy(.02);
    CostModel model = machine.taught(CostModel.empty(), 100);
    for (int stop = 0; stop < 5; stop++) {
      model = model.observed(machine.batch(2), 10_000);
      model = machine.taught(model, 20);
      assertNear(model, machine.cost(), .1);
    }
  }

  @Test
  void aFirstStepThatIsSlowIsForgotten() {
    Machine machine = Machine.of(20, 40, 1e-5);
    CostModel model = CostModel.empty().observed(machine.batch(1), 5000);
    assertNear(machine.taught(model, 1000), machine.cost(), .1);
  }

  @Test
  void aMachineThatSlowsDownIsBelieved() {
    CostModel model = Machine.of(20, 40, 1e-5).noisy(.02).taught(CostModel.empty(), 500);
    Machine slower = Machine.of(40, 80, 2e-5).noisy(.02);
    assertNear(slower.taught(model, 250), slower.cost(), .15);
  }

  @Test
  void aBatchThatStaysAsItIsDoesNotUnlearnTheRest() {
    Machine machine = Machine.of(20, 40, 1e-5).noisy(.02);
    CostModel model = machine.taught(CostModel.empty(), 200);
    StepWork same = new StepWork(1.2, 2e6);
    for (int step = 0; step < 20_000; step++) {
      model = model.observed(same, machine.millis(same));
    }
    assertNear(model, machine.cost(), .1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesAStepThatTookNoTime(double millis) {
    assertThatThrownBy(() -> CostModel.empty().observed(new StepWork(1, 0), millis))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("took " + millis + " ms");
  }
}
