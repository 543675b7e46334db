package dev.fresco.benchmarks.rates;

import ai.djl.ndarray.NDManager;
import dev.fresco.benchmarks.rates.Race.Finish;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How fast this machine's processor does the products of a network, each in the best way that
 * PyTorch offers, alone and with its weights in the cache if they fit.
 *
 * @param counts how often each occurs in a step
 * @param best of each, in each number format that was measured
 */
public record MachineRates(
    Map<Operation, Integer> counts, Map<ComputeType, Map<Operation, Finish>> best) {
  /**
   * Of more work than this, some rows are measured for all: by then the rate no longer depends on
   * their number. It takes a fraction of a second.
   */
  private static final double MOST_OPERATIONS = 40e9;

  /** Takes about ten times as long as the products that differ. */
  public static MachineRates measure(
      Map<Operation, Integer> counts, Collection<ComputeType> formats) {
    Map<ComputeType, Map<Operation, Finish>> best = new EnumMap<>(ComputeType.class);
    try (KernelLibrary kernels = KernelLibrary.on("cpu")) {
      for (ComputeType format : formats) {
        best.put(format, measure(counts.keySet(), format, kernels));
      }
    }
    return new MachineRates(counts, best);
  }

  /** Formats that the processor multiplies in hardware. */
  public static List<ComputeType> formats() {
    return ComputeType.parse("auto", false) == ComputeType.BF16
        ? List.of(ComputeType.FP32, ComputeType.BF16)
        : List.of(ComputeType.FP32);
  }

  private static Map<Operation, Finish> measure(
      Set<Operation> operations, ComputeType format, KernelLibrary kernels) {
    Map<Operation, Finish> best = new LinkedHashMap<>();
    for (Operation operation : operations) {
      Operation measured = operation.noMoreThan(MOST_OPERATIONS);
      double times = operation.operations() / measured.operations();
      try (NDManager scope = kernels.manager().newSubManager()) {
        Finish finish = Race.run(new OperationWays(kernels, scope, format).of(measured));
        best.put(operation, new Finish(finish.name(), Math.round(finish.nanoseconds() * times)));
      }
    }
    return best;
  }

  /** The least time of a step's products in one format, in milliseconds. */
  public double leastMilliseconds(ComputeType format) {
    return leastMilliseconds(format, operation -> true);
  }

  /** The same, of some of the products. */
  double leastMilliseconds(ComputeType format, Predicate<Operation> which) {
    return counts.keySet().stream()
        .filter(which)
        .mapToDouble(operation -> counts.get(operation) * nanoseconds(format, operation) * 1e-6)
        .sum();
  }

  /**
   * What an engine that computes in a format cannot be faster than, in milliseconds: one in bf16
   * may still do in fp32 what is faster so, one in fp32 may not do the opposite.
   */
  public double limitMilliseconds(ComputeType engine) {
    return counts.keySet().stream()
        .mapToDouble(operation -> counts.get(operation) * limit(engine, operation) * 1e-6)
        .sum();
  }

  private long limit(ComputeType engine, Operation operation) {
    return best.keySet().stream()
        .filter(format -> engine == ComputeType.BF16 || format == engine)
        .mapToLong(format -> nanoseconds(format, operation))
        .min()
        .orElseThrow(() -> new IllegalArgumentException("no rates were measured for " + engine));
  }

  private long nanoseconds(ComputeType format, Operation operation) {
    return best.get(format).get(operation).nanoseconds();
  }
}
