package dev.fresco.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.benchmarks.engine.SideBySide.Result;
import dev.fresco.benchmarks.peer.PeerException;
import dev.fresco.benchmarks.rates.MachineRates;
import dev.fresco.benchmarks.rates.Operation;
import dev.fresco.benchmarks.rates.Operation.Linear;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.kernel.ComputeType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class SideBySideTest {
  private final List<String> course = new ArrayList<>();

  /** Every step takes the same time; what happens is written down. */
  private final class Runner implements Contestant {
    private final String name;
    private final long nanoseconds;
    private final float latent;
    private int stepsLeft;

    Runner(String name, long nanoseconds, float latent, int stepsLeft) {
      this.name = name;
      this.nanoseconds = nanoseconds;
      this.latent = latent;
      this.stepsLeft = stepsLeft;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public ComputeType format() {
      return ComputeType.FP32;
    }

    @Override
    public void begin(int pictures) {
      course.add(name + " begins " + pictures);
    }

    @Override
    public Turn turn(int steps) {
      stepsLeft -= steps;
      if (stepsLeft < 0) {
        throw new PeerException(name + " is tired");
      }
      course.add(name + " " + steps);
      long[] times = new long[steps];
      Arrays.fill(times, nanoseconds);
      Optional<EngineShare> inside =
          name.equals("a") ? Optional.of(new EngineShare(1, 1, 1)) : Optional.empty();
      return new Turn(times, Optional.of(1L), inside);
    }

    @Override
    public HostTensor latents(int picture) {
      return HostTensor.of(new float[] {latent}, 1, 1, 1);
    }

    @Override
    public ProcessFigures process() {
      return ProcessFigures.own();
    }

    @Override
    public void close() {
      course.add(name + " closes");
    }
  }

  @Test
  void theyTakeTurns() {
    run(new Runner("a", 10, 1, 100), new Runner("b", 20, 1, 100));

    assertThat(course)
        .containsExactly(
            "a begins 2", "a 1", "b begins 2", "b 1", "a 2", "b 2", "a 2", "b 2", "a 1", "b 1");
  }

  @Test
  void whoFailsIsOutAndTheOthersGoOn() {
    List<Result> results = run(new Runner("a", 10, 2, 100), new Runner("b", 20, 3, 4));

    assertThat(results.get(0).turn().orElseThrow().nanoseconds()).hasSize(5);
    assertThat(results.get(0).difference()).contains(0.0);
    assertThat(results.get(1).turn()).isEmpty();
    assertThat(results.get(1).failure()).contains("b is tired");
    assertThat(course).containsSubsequence("a 2", "b 2", "a 2", "a 1").endsWith("a 1");
  }

  @Test
  void theTableComparesAndTellsFailures() {
    List<Result> results =
        run(
            new Runner("a", 10_000_000, 2, 100),
            new Runner("b", 15_000_000, 3, 100),
            new Runner("c", 1, 1, 0));
    assertThat(results.get(1).difference())
        .get(InstanceOfAssertFactories.DOUBLE)
        .isCloseTo(0.5, within(1e-9));

    Operation product = new Linear(1, 1, 1);
    MachineRates rates = MachineRates.measure(Map.of(product, 1), List.of(ComputeType.FP32));
    ComparisonTable table = new ComparisonTable();
    table.add(2, results, rates);

    assertThat(table.lines())
        .hasSize(4)
        .anyMatch(line -> line.matches(" +2  a +10.0 ms +10.0 ms +[\\d.]+ ms +[\\d.]+ % .*"))
        .anyMatch(line -> line.matches(" +2  b +15.0 ms +15.0 ms +1.50 +1.50 .* 5.0e-01"))
        .anyMatch(line -> line.equals("batch 2, c: c is tired"));
  }

  private List<Result> run(Contestant... contestants) {
    Workload workload = new Workload(64, 1, 5, "euler");
    return new SideBySide(List.of(contestants), workload, said -> {}).run(2);
  }
}
