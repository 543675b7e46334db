package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.adapter.LoraComponent;
import dev.fresco.engine.dit.FluxInput;
import dev.fresco.engine.dit.FluxTransformer;
import dev.fresco.engine.dit.RecordedStates.Sink;
import dev.fresco.engine.dit.RotaryTables;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.mask.ActiveMember;
import dev.fresco.engine.recording.Recording;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Flux. Its network is told the guidance scale, if it takes one, and needs no second row for it.
 * What depends on who is in the batch, not on the step, is made once for as long as the members
 * that step stay the same.
 */
final class FluxDenoiser implements Denoiser {
  /** The network reads timesteps as shares of these. */
  private static final float TRAINING_STEPS = 1000;

  private final NDManager manager;
  private final FluxTransformer transformer;
  private final Kernel kernel;
  private final Kernel convolution;
  private final int factor;
  private final WeightPatches patches;
  private final AdapterFactors factors;
  private final RotaryTables rotations;
  private FluxRows rows;

  /**
   * @param manager of the batch
   */
  FluxDenoiser(NDManager manager, FluxParts parts) {
    this.manager = manager;
    this.transformer = parts.transformer();
    this.kernel = parts.kernels().kernel("flux");
    this.convolution = parts.kernels().kernel("convolution");
    this.factor = parts.latents().factor();
    this.patches = parts.patches();
    this.factors =
        new AdapterFactors(
            manager,
            LoraComponent.TRANSFORMER,
            parts.kernels().kernel("cast"),
            parts.computeType());
    this.rotations = new RotaryTables(manager.newSubManager(), transformer.config().rotaryAxes());
  }

  @Override
  public List<MemberControl> controls(NDManager member, PictureRequest request) {
    if (!request.controls().isEmpty()) {
      throw new EngineException(
          request.controls().get(0).net().name() + ": ControlNets are not supported for Flux");
    }
    return List.of();
  }

  @Override
  public ActiveMember active(PictureRequest request) {
    ActiveMember active = ActiveRequest.member(request, FluxPlaces.LEVELS, factor);
    if (active != null && active.recording() != null) {
      requireNames(active.recording());
    }
    return active;
  }

  private void requireNames(Recording recording) {
    if (!recording.names().equals(transformer.recordedNames())) {
      throw new EngineException(
          "the recording has %d tensors in a step, from %s on; this network reads %d, from %s on"
              .formatted(
                  recording.names().size(),
                  recording.names().stream().findFirst().orElse("none"),
                  transformer.recordedNames().size(),
                  transformer.recordedNames().stream().findFirst().orElse("none")));
    }
  }

  @Override
  public List<Prediction> predict(NDManager scope, List<SizeGroup> groups) {
    AdapterPlan plan = AdapterPlan.of(SizeGroup.adapters(groups));
    return patches.with(plan.patched(), () -> pass(scope, groups, plan));
  }

  private List<Prediction> pass(NDManager scope, List<SizeGroup> groups, AdapterPlan plan) {
    FluxRows now = rowsOf(groups, plan);
    List<Member> members = SizeGroup.all(groups, SizeGroup::members);
    try (NDManager inner = scope.newSubManager()) {
      NDArray latents = // [places, channels * 4]
          kernel
              .call("pack")
              .tensors(members.stream().map(Member::sample).toList())
              .tensor(now.chosen().chosen())
              .integer(FluxParts.PATCH)
              .run(inner);
      NDArray timesteps =
          SizeGroup.numbers(
              inner, members, member -> (float) member.nextStep().timestep() / TRAINING_STEPS);
      List<Member> recorded = members.stream().filter(FluxDenoiser::isRecorded).toList();
      KeptActivations kept = KeptActivations.of(scope, convolution, recorded);
      FluxInput input = now.input(latents, timesteps, sinks(groups, recorded, kept));
      NDArray output = transformer.forward(inner, input);
      kept.handOver();
      return predictions(scope, output, now);
    }
  }

  /** A member whose every place is computed, and left behind. */
  private static boolean isRecorded(Member member) {
    return member.active() != null && member.active().recording() == null;
  }

  /** By group: a recorded member is alone in its own. */
  private static Map<Integer, Sink> sinks(
      List<SizeGroup> groups, List<Member> recorded, KeptActivations kept) {
    Map<Integer, Sink> sinks = new HashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      int member = recorded.indexOf(groups.get(i).members().get(0));
      if (member >= 0) {
        sinks.put(i, (name, tensor) -> kept.whole(member, name, tensor, true));
      }
    }
    return sinks;
  }

  private FluxRows rowsOf(List<SizeGroup> groups, AdapterPlan plan) {
    if (rows == null || !rows.isOf(groups, plan)) {
      closeRows();
      factors.keepOnly(SizeGroup.adapters(groups));
      rows = FluxRows.of(manager.newSubManager(), groups, plan, kernel, rotations, factors);
    }
    return rows;
  }

  private void closeRows() {
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }

  private List<Prediction> predictions(NDManager scope, NDArray output, FluxRows now) {
    NDArray[] maps = // [members, channels, height, width] for each group
        kernel
            .call("unpack")
            .tensor(output)
            .tensor(now.chosen().chosen())
            .integers(now.layout().placeSizes())
            .integer(FluxParts.PATCH)
            .runForList(scope);
    NDArray nobody = scope.create(new long[0], new Shape(0));
    List<Prediction> predictions = new ArrayList<>();
    for (NDArray map : maps) {
      predictions.add(new Prediction(map, nobody));
    }
    return predictions;
  }

  @Override
  public void forget() {
    closeRows();
    factors.close();
  }

  @Override
  public void close() {
    forget();
    rotations.close();
  }
}
