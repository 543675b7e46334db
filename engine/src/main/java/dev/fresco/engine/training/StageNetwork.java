package dev.fresco.engine.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.kernel.NativeFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A stage of a pipeline that trains a language model or a diffusion transformer.
 *
 * <p>Goal: a schedule may place the forward pass (F), the backward pass to the input (B) and the
 * one to the weights (W) of each microbatch by themselves, as zero-bubble schedules do (Qi et al.
 * 2023, section 2).
 *
 * <p>Constraints: of a microbatch, F comes before B before W; across microbatches any order goes,
 * and any number may be under way. The sums of gradients depend on the order of the Ws in their
 * last bits, and on nothing else. One thread at a time.
 *
 * <p>Algorithm: each layer's passes are kernels with the derivatives written out. F keeps what B
 * needs, B frees that and keeps what W needs, W adds to the gradients and frees the rest.
 *
 * <p>Example: two stages and a microbatch. {@code y = first.forward(m).get()}, {@code
 * last.forward(m, y)}, {@code g = last.backward(0).get()}, {@code first.backward(0, g)}, and both
 * call {@code weightGradients(0)} when they have the time.
 */
public final class StageNetwork implements AutoCloseable {
  private final StageParameters parameters;
  private final NDManager manager;
  private final List<Layer> layers;
  private final Map<Integer, KeptMicrobatch> underway = new HashMap<>();

  /**
   * @param parameters must outlive this; their weights are read and their gradients added to
   */
  public StageNetwork(StageParameters parameters) {
    this.parameters = parameters;
    this.manager = parameters.kernels().manager().newSubManager();
    this.layers =
        parameters.layers().stream()
            .map(layer -> new Layer(parameters.kernels(), layer, parameters.shape()))
            .toList();
  }

  /**
   * F of the first stage.
   *
   * @return {@code [rows, places, channels]} for the next stage; empty where this is the last
   * @throws IllegalArgumentException if the examples do not fit the model
   * @throws IllegalStateException if a microbatch of this number is under way
   * @throws dev.fresco.engine.EngineException if the kernels fail; nothing is kept then
   */
  public Optional<HostTensor> forward(Microbatch microbatch) {
    requirePlace("embeddings", parameters.blocks().hasEmbeddings());
    return forward(
        microbatch, states(microbatch), scope -> NativeCopy.inputs(scope, microbatch.examples()));
  }

  /**
   * F of any other stage.
   *
   * @param input what the stage before gave
   * @return like {@link #forward(Microbatch)}
   */
  public Optional<HostTensor> forward(Microbatch microbatch, HostTensor input) {
    requirePlace("stage before it", !parameters.blocks().hasEmbeddings());
    long[] states = states(microbatch);
    requireStates(states, input);
    return forward(microbatch, states, scope -> List.of(NativeCopy.of(scope, input)));
  }

  /** The shape of what stages hand on. */
  private long[] states(Microbatch microbatch) {
    int places = microbatch.examples().places(parameters.shape());
    return new long[] {microbatch.examples().rows(), places, parameters.shape().channels()};
  }

  private Optional<HostTensor> forward(
      Microbatch microbatch, long[] states, Function<NDManager, List<NDArray>> inputs) {
    if (underway.containsKey(microbatch.number())) {
      throw new IllegalStateException(
          "microbatch %d is under way already".formatted(microbatch.number()));
    }
    NDManager scope = manager.newSubManager();
    try {
      return NativeFailure.during(
          "forward pass", () -> forward(scope, microbatch, states, inputs.apply(scope)));
    } catch (RuntimeException e) {
      underway.remove(microbatch.number());
      scope.close();
      throw e;
    }
  }

  private Optional<HostTensor> forward(
      NDManager scope, Microbatch microbatch, long[] states, List<NDArray> first) {
    List<List<NDArray>> kept = new ArrayList<>();
    List<NDArray> inputs = first;
    for (Layer layer : layers) {
      if (layer.kind() == LayerKind.HEAD) {
        inputs = List.of(inputs.get(0), NativeCopy.targets(scope, microbatch.examples()));
      }
      Layer.Pass pass = layer.forward(scope, inputs);
      inputs.forEach(NDArray::close);
      kept.add(pass.kept());
      inputs = List.of(pass.result());
    }
    try (NDArray result = inputs.get(0)) {
      boolean last = parameters.blocks().hasHead();
      double loss = last ? number(result) : Double.NaN;
      underway.put(microbatch.number(), KeptMicrobatch.afterForward(scope, states, kept, loss));
      return last ? Optional.empty() : Optional.of(host(result));
    }
  }

  /**
   * The loss of a microbatch that is under way: the mean cross-entropy in nats a token, or the mean
   * squared error of the latents' numbers.
   *
   * @throws IllegalStateException if this is not the last stage or the microbatch not under way
   */
  public double loss(int microbatch) {
    requirePlace("loss", parameters.blocks().hasHead());
    return kept(microbatch).loss();
  }

  /**
   * B of the last stage, from the loss.
   *
   * @return like {@link #backward(int, HostTensor)}
   */
  public Optional<HostTensor> backward(int microbatch) {
    requirePlace("loss", parameters.blocks().hasHead());
    return backward(microbatch, this::one);
  }

  /**
   * B of any other stage.
   *
   * @param outputGradient the gradient of what F gave, of its shape
   * @return the gradient of F's input; empty where this is the first stage
   * @throws IllegalStateException if F of the microbatch was not called, or B was already
   * @throws dev.fresco.engine.EngineException if the kernels fail; the microbatch is given up then
   */
  public Optional<HostTensor> backward(int microbatch, HostTensor outputGradient) {
    requirePlace("stage behind it", !parameters.blocks().hasHead());
    requireStates(kept(microbatch).states(), outputGradient);
    return backward(microbatch, scope -> NativeCopy.of(scope, outputGradient));
  }

  private Optional<HostTensor> backward(int microbatch, Function<NDManager, NDArray> gradient) {
    KeptMicrobatch before = kept(microbatch);
    requireBackward(microbatch, before, false);
    try {
      return NativeFailure.during("backward pass", () -> backward(before, microbatch, gradient));
    } catch (RuntimeException e) {
      abandon(microbatch);
      throw e;
    }
  }

  private Optional<HostTensor> backward(
      KeptMicrobatch before, int microbatch, Function<NDManager, NDArray> gradient) {
    NDManager scope = before.manager();
    List<List<NDArray>> kept = new ArrayList<>(Collections.nCopies(layers.size(), List.of()));
    NDArray g = gradient.apply(scope);
    for (int i = layers.size() - 1; i >= 0; i--) {
      Layer.Pass pass = layers.get(i).backward(scope, g, before.layer(i));
      before.layer(i).forEach(NDArray::close);
      g.close();
      kept.set(i, pass.kept());
      g = pass.result();
    }
    try (NDArray result = g) {
      underway.put(microbatch, before.afterBackward(kept));
      return parameters.blocks().hasEmbeddings() ? Optional.empty() : Optional.of(host(result));
    }
  }

  /**
   * W: adds the microbatch's gradients to the sums and forgets the microbatch.
   *
   * @throws IllegalStateException if B of the microbatch was not called
   * @throws dev.fresco.engine.EngineException if the kernels fail; the sums are of no use then
   */
  public void weightGradients(int microbatch) {
    KeptMicrobatch before = kept(microbatch);
    requireBackward(microbatch, before, true);
    try {
      for (int i = 0; i < layers.size(); i++) {
        layers.get(i).weightGradients(before.manager(), before.layer(i));
        before.layer(i).forEach(NDArray::close);
      }
    } finally {
      abandon(microbatch);
    }
  }

  /** Forgets a microbatch, whatever was done of it; one that is not under way is no error. */
  public void abandon(int microbatch) {
    KeptMicrobatch kept = underway.remove(microbatch);
    if (kept != null) {
      kept.close();
    }
  }

  /** Microbatches between F and W. */
  public int underway() {
    return underway.size();
  }

  /** Bytes of native memory that a microbatch keeps now, for plans that count memory. */
  public long keptBytes(int microbatch) {
    return kept(microbatch).bytes();
  }

  /** Forgets all microbatches; the parameters stay. */
  @Override
  public void close() {
    layers.forEach(Layer::close);
    underway.clear();
    manager.close();
  }

  NDManager manager() {
    return manager;
  }

  private KeptMicrobatch kept(int microbatch) {
    KeptMicrobatch kept = underway.get(microbatch);
    if (kept == null) {
      throw new IllegalStateException("microbatch %d is not under way".formatted(microbatch));
    }
    return kept;
  }

  private static void requireBackward(int microbatch, KeptMicrobatch kept, boolean done) {
    if (kept.backwardDone() != done) {
      throw new IllegalStateException(
          "microbatch %d: its backward pass was %s"
              .formatted(microbatch, done ? "not called" : "called already"));
    }
  }

  private void requirePlace(String what, boolean fits) {
    if (!fits) {
      throw new IllegalStateException("stage %s has no %s".formatted(parameters.blocks(), what));
    }
  }

  private static void requireStates(long[] needed, HostTensor states) {
    if (!Arrays.equals(needed, states.shape())) {
      throw new IllegalArgumentException(
          "states of shape %s came; %s is needed"
              .formatted(Arrays.toString(states.shape()), Arrays.toString(needed)));
    }
  }

  private NDArray one(NDManager scope) {
    return scope.ones(new Shape(), parameters.byName().get("head.weight").weight().getDataType());
  }

  private static HostTensor host(NDArray tensor) {
    return HostTensor.of(tensor.toFloatArray(), tensor.getShape().getShape());
  }

  private static double number(NDArray scalar) {
    return scalar.getDataType() == DataType.FLOAT64 ? scalar.getDouble() : scalar.getFloat();
  }
}
