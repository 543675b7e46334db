package dev.fresco.engine.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.kernel.KernelLibrary;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Weights by name, their gradients and the optimiser's moments, in native memory that this owns.
 * Not thread-safe.
 */
public final class ParameterSet implements AutoCloseable {
  private final KernelLibrary kernels;
  private final String owner;
  private final NDManager manager;
  private final SortedMap<String, Parameter> parameters = new TreeMap<>();
  private long steps;

  /**
   * An empty set.
   *
   * @param owner whose weights they are, for messages
   */
  public ParameterSet(KernelLibrary kernels, String owner) {
    this.kernels = kernels;
    this.owner = owner;
    this.manager = kernels.manager().newSubManager();
  }

  /** Adds an fp32 weight that no step was taken of. */
  public void add(String name, HostTensor start) {
    add(name, Parameter.fresh(manager, start));
  }

  void add(String name, Parameter parameter) {
    if (parameters.putIfAbsent(name, parameter) != null) {
      throw new IllegalArgumentException("two weights are called " + name);
    }
  }

  public KernelLibrary kernels() {
    return kernels;
  }

  String owner() {
    return owner;
  }

  NDManager manager() {
    return manager;
  }

  /** In the order of the names. */
  public SortedMap<String, Parameter> byName() {
    return Collections.unmodifiableSortedMap(parameters);
  }

  /** One tensor of each parameter, in the order of their names. */
  public List<NDArray> each(Function<Parameter, NDArray> which) {
    return parameters.values().stream().map(which).toList();
  }

  /** Optimiser steps taken so far. */
  public long steps() {
    return steps;
  }

  void setSteps(long steps) {
    this.steps = steps;
  }

  /**
   * Whether all weights are finite.
   *
   * @throws dev.fresco.engine.EngineException if the kernel fails
   */
  public boolean isFinite() {
    return Double.isFinite(squaredNorm(Parameter::weight));
  }

  /** The sum of the squares of one tensor of each parameter, in fp64. */
  double squaredNorm(Function<Parameter, NDArray> which) {
    try (NDManager scope = manager.newSubManager();
        NDArray norm =
            kernels.kernel("adamw").call("squared_norm").tensors(each(which)).run(scope)) {
      return norm.getDouble();
    }
  }

  /** See {@link StageParameters#gradients}. */
  float[] gradients() {
    List<NDArray> gradients = each(Parameter::gradient);
    float[] all = new float[Math.toIntExact(numbers(gradients))];
    int at = 0;
    for (NDArray gradient : gradients) {
      float[] own = gradient.toFloatArray();
      System.arraycopy(own, 0, all, at, own.length);
      at += own.length;
    }
    return all;
  }

  /** See {@link StageParameters#setGradients}. */
  void setGradients(float[] sums) {
    List<NDArray> gradients = each(Parameter::gradient);
    if (numbers(gradients) != sums.length) {
      throw new IllegalArgumentException(
          "%d gradients came; the weights of %s are %d numbers"
              .formatted(sums.length, owner, numbers(gradients)));
    }
    try (NDManager scope = manager.newSubManager()) {
      kernels
          .kernel("adamw")
          .call("set_gradients")
          .tensors(gradients)
          .tensor(scope.create(sums))
          .run(scope);
    }
  }

  private static long numbers(List<NDArray> tensors) {
    return tensors.stream().mapToLong(NDArray::size).sum();
  }

  @Override
  public void close() {
    manager.close();
  }
}
