package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.adapter.AdapterSet;
import dev.fresco.engine.adapter.LoraComponent;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelWeights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The low-rank factors of sets on the device, for steps whose members have different sets. */
final class AdapterFactors implements AutoCloseable {
  private final NDManager manager;
  private final LoraComponent component;
  private final Kernel cast;
  private final ComputeType computeType;
  private final Map<AdapterSet, Factors> bySet = new LinkedHashMap<>();

  private record Factors(NDManager manager, KernelWeights weights) implements AutoCloseable {
    @Override
    public void close() {
      weights.close();
      manager.close();
    }
  }

  /**
   * @param manager of the batch
   */
  AdapterFactors(NDManager manager, LoraComponent component, Kernel cast, ComputeType computeType) {
    this.manager = manager;
    this.component = component;
    this.cast = cast;
    this.computeType = computeType;
  }

  /** Forgets all sets but these. */
  void keepOnly(Collection<AdapterSet> sets) {
    List.copyOf(bySet.keySet()).stream().filter(set -> !sets.contains(set)).forEach(this::forget);
  }

  /**
   * The terms of a step; the caller closes them.
   *
   * @param groups whose each row of the network is, group by group
   */
  AdapterTerms terms(List<List<Member>> groups) {
    List<AdapterSet> sets =
        groups.stream()
            .flatMap(List::stream)
            .map(Member::adapters)
            .filter(set -> !set.isEmpty())
            .distinct()
            .toList();
    List<KernelWeights> weights =
        sets.stream().map(set -> bySet.computeIfAbsent(set, this::factors).weights()).toList();
    return AdapterTerms.of(weights, rows(groups, sets));
  }

  private static List<AdapterTerms.Rows> rows(List<List<Member>> groups, List<AdapterSet> sets) {
    List<AdapterTerms.Rows> rows = new ArrayList<>();
    for (int group = 0; group < groups.size(); group++) {
      List<Member> members = groups.get(group);
      int first = 0;
      for (int row = 1; row <= members.size(); row++) {
        AdapterSet set = members.get(first).adapters();
        if (row == members.size() || !members.get(row).adapters().equals(set)) {
          if (!set.isEmpty()) {
            rows.add(new AdapterTerms.Rows(sets.indexOf(set), group, first, row));
          }
          first = row;
        }
      }
    }
    return rows;
  }

  private Factors factors(AdapterSet set) {
    NDManager own = manager.newSubManager();
    try {
      Map<String, NDArray> tensors = new HashMap<>();
      set.stacked(component)
          .forEach(
              (layer, stack) -> {
                tensors.put(layer + ".down", tensor(own, stack.down()));
                tensors.put(layer + ".up", tensor(own, stack.up()));
              });
      return new Factors(own, KernelWeights.of(tensors));
    } catch (RuntimeException | Error e) {
      own.close();
      throw e;
    }
  }

  private NDArray tensor(NDManager own, HostTensor tensor) {
    try (NDArray exact = own.create(tensor.data(), new Shape(tensor.shape()))) {
      return cast.call("copy_to_type").tensor(exact).integer(computeType.torchType()).run(own);
    }
  }

  private void forget(AdapterSet set) {
    bySet.remove(set).close();
  }

  @Override
  public void close() {
    keepOnly(List.of());
  }
}
