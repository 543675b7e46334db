package dev.fresco.engine.training;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.NativeFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A stage's weights, their gradients and the optimiser's moments, in native memory that this owns.
 * Names are those in the whole model: {@code blocks.3.qkv.weight}. Not thread-safe.
 */
public final class StageParameters implements AutoCloseable {
  private final ModelShape shape;
  private final StageBlocks blocks;
  private final ParameterSet parameters;
  private final List<LayerParameters> layers = new ArrayList<>();

  /** A layer's parameters by their names within it. */
  record LayerParameters(LayerKind kind, Map<String, Parameter> parameters) {}

  private StageParameters(KernelLibrary kernels, ModelShape shape, StageBlocks blocks) {
    this.shape = shape;
    this.blocks = blocks;
    this.parameters = new ParameterSet(kernels, "stage " + blocks);
  }

  /**
   * New weights in fp32. A weight depends on the shape, the seed and its name, not on the stage.
   *
   * @throws dev.fresco.engine.OutOfMemoryException if memory is short
   */
  public static StageParameters draw(
      KernelLibrary kernels, ModelShape shape, StageBlocks blocks, long seed) {
    return draw(kernels, shape, blocks, seed, DataType.FLOAT32);
  }

  static StageParameters draw(
      KernelLibrary kernels, ModelShape shape, StageBlocks blocks, long seed, DataType type) {
    return make(
        kernels,
        shape,
        blocks,
        (scope, name, sizes) ->
            Parameter.fresh(scope, InitialWeights.draw(seed, name, sizes, shape.layers()), type));
  }

  /** Makes a parameter of a name and sizes. */
  interface Source {
    Parameter make(NDManager scope, String name, long[] sizes);
  }

  static StageParameters make(
      KernelLibrary kernels, ModelShape shape, StageBlocks blocks, Source source) {
    if (blocks.layers() != shape.layers()) {
      throw new IllegalArgumentException(
          "the stage is of a model of %d blocks, the shape has %d"
              .formatted(blocks.layers(), shape.layers()));
    }
    StageParameters made = new StageParameters(kernels, shape, blocks);
    try {
      NativeFailure.during("weights of a stage", () -> made.fill(source));
      return made;
    } catch (RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private void fill(Source source) {
    if (blocks.hasEmbeddings()) {
      add(LayerKind.EMBEDDING, "", source);
    }
    for (int block = blocks.first(); block < blocks.end(); block++) {
      add(LayerKind.BLOCK, "blocks." + block + ".", source);
    }
    if (blocks.hasHead()) {
      add(LayerKind.HEAD, "", source);
    }
  }

  private void add(LayerKind kind, String prefix, Source source) {
    Map<String, Parameter> own = new LinkedHashMap<>();
    LayerShapes.of(kind, shape)
        .forEach(
            (name, sizes) ->
                own.put(name, source.make(parameters.manager(), prefix + name, sizes)));
    own.forEach((name, parameter) -> parameters.add(prefix + name, parameter));
    layers.add(new LayerParameters(kind, own));
  }

  public KernelLibrary kernels() {
    return parameters.kernels();
  }

  public ModelShape shape() {
    return shape;
  }

  public StageBlocks blocks() {
    return blocks;
  }

  /** Optimiser steps taken so far. */
  public long steps() {
    return parameters.steps();
  }

  /**
   * The summed gradients of all weights, one weight after the other in the order of their names,
   * for groups of data-parallel replicas to add up.
   */
  public float[] gradients() {
    return parameters.gradients();
  }

  /**
   * Puts other sums in the place of these.
   *
   * @param sums in the order of {@link #gradients}
   * @throws IllegalArgumentException if there are not as many numbers as weights have
   * @throws dev.fresco.engine.EngineException if the kernel fails
   */
  public void setGradients(float[] sums) {
    parameters.setGradients(sums);
  }

  ParameterSet all() {
    return parameters;
  }

  List<LayerParameters> layers() {
    return Collections.unmodifiableList(layers);
  }

  /** By names in the whole model, in their order. */
  SortedMap<String, Parameter> byName() {
    return parameters.byName();
  }

  @Override
  public void close() {
    parameters.close();
  }
}
