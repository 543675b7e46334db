package dev.fresco.planning.routing;

import static dev.fresco.planning.routing.Workers.worker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.planning.cost.StepCost;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BatchForecastTest {
  private final BatchForecast forecast = new BatchForecast();

  @Test
  void theExampleOfTheClass() {
    forecast.start(worker("a").slots(2, 0).member(5, .4).view(), new StepCost(10, 100, 0));
    assertThat(forecast.finish(1, 10, .1, 0, false)).isCloseTo(400, within(1e-9));
  }

  @Test
  void aRecordingTakesTimeAndNoSlot() {
    forecast.start(worker("a").slots(1, 0).view(), new StepCost(10, 100, 0));
    assertThat(forecast.finish(1, 10, 1, 0, true)).isCloseTo(2100, within(1e-9));
  }

  /** Whatever was asked of it before, a forecast says what stepping through one by one says. */
  @Property(tries = 300)
  void isWhatSteppingThroughSays(@ForAll @LongRange(min = 0, max = 1L << 40) long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    StepCost cost = new StepCost(random.nextInt(20), random.nextInt(1, 90), random.nextInt(30));
    int slots = random.nextInt(1, 6);
    Workers worker = worker("a").slots(slots, 3);
    List<double[]> batch = new ArrayList<>();
    for (int i = random.nextInt(0, slots + 1); i > 0; i--) {
      double[] member = {random.nextInt(1, 30), random.nextDouble()};
      worker.member((int) member[0], member[1]);
      batch.add(member);
    }
    Deque<double[]> queue = new ArrayDeque<>();
    for (int i = random.nextInt(0, 4); i > 0; i--) {
      int steps = random.nextInt(1, 30);
      worker.waiting(1, steps);
      queue.add(new double[] {steps, 1});
    }
    int pictures = random.nextInt(1, 9);
    int steps = random.nextInt(1, 30);
    double ratio = random.nextDouble();
    for (int i = 0; i < pictures; i++) {
      queue.add(new double[] {steps, ratio});
    }
    forecast.start(worker.view(), cost);
    assertThat(forecast.finish(pictures, steps, ratio, 0, false))
        .isCloseTo(stepThrough(batch, queue, slots, cost), within(1e-6));
  }

  /** Members and pictures are {steps left, ratio}; the last picture of the queue is the job's. */
  private static double stepThrough(
      List<double[]> batch, Deque<double[]> queue, int slots, StepCost cost) {
    double[] last = queue.getLast();
    double millis = 0;
    while (last[0] > 0) {
      while (batch.size() < slots && !queue.isEmpty()) {
        batch.add(queue.remove());
      }
      double computed = batch.stream().mapToDouble(member -> member[1]).sum();
      millis += cost.millis(computed, batch.size() - computed);
      batch.forEach(member -> member[0]--);
      batch.removeIf(member -> member[0] == 0);
    }
    return millis;
  }
}
