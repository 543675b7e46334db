package dev.fresco.planning.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.planning.pipeline.Operation.Kind;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The reference against every order that there is. */
class OptimalMakespanTest {
  @Property(tries = 150)
  void isTheLeastOfAllOrders(@ForAll("tiny") PipelineShape shape) {
    double least = leastOf(shape, new ArrayList<>());
    assertThat(OptimalMakespan.of(shape, Double.POSITIVE_INFINITY, 1_000_000))
        .isCloseTo(least, within(1e-9));
  }

  @Provide
  Arbitrary<PipelineShape> tiny() {
    return Arbitraries.oneOf(Pipelines.of(2, 2, 3), Pipelines.of(3, 1, 2))
        .flatMap(
            shape ->
                Arbitraries.of(1.0, 2.0, Double.POSITIVE_INFINITY).map(shape::withMemoryLimit));
  }

  /** Of all schedules that start with the given orders of the first stages. */
  private static double leastOf(PipelineShape shape, List<List<Operation>> chosen) {
    int stages = shape.stages().size();
    if (chosen.size() == stages) {
      Schedule schedule =
          new Schedule(shape.microbatches(), ModelChunks.onePerStage(stages), chosen);
      return ScheduleCheck.problems(schedule, shape).isEmpty()
          ? ScheduleSimulation.run(schedule, shape).makespan()
          : Double.POSITIVE_INFINITY;
    }
    double least = Double.POSITIVE_INFINITY;
    for (List<Operation> order : orders(shape.microbatches(), 0, 0, 0)) {
      List<List<Operation>> more = new ArrayList<>(chosen);
      more.add(order);
      least = Math.min(least, leastOf(shape, more));
    }
    return least;
  }

  /** All orders of what is left, with as many forwards and gradients done. */
  private static List<List<Operation>> orders(int microbatches, int f, int b, int w) {
    if (w == microbatches) {
      return List.of(List.of());
    }
    List<List<Operation>> orders = new ArrayList<>();
    if (f < microbatches) {
      prepend(Kind.FORWARD, f, orders(microbatches, f + 1, b, w), orders);
    }
    if (b < f) {
      prepend(Kind.INPUT_GRADIENT, b, orders(microbatches, f, b + 1, w), orders);
    }
    if (w < b) {
      prepend(Kind.WEIGHT_GRADIENT, w, orders(microbatches, f, b, w + 1), orders);
    }
    return orders;
  }

  private static void prepend(
      Kind kind, int microbatch, List<List<Operation>> rests, List<List<Operation>> to) {
    for (List<Operation> rest : rests) {
      List<Operation> order = new ArrayList<>();
      order.add(new Operation(kind, microbatch, 0));
      order.addAll(rest);
      to.add(order);
    }
  }
}
