package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.adapter.LoraComponent;
import dev.fresco.engine.dit.FluxTransformer;
import dev.fresco.engine.dit.RotaryTables;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.mask.ActiveMember;
import java.util.ArrayList;
import java.util.List;

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
    return null;
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
              .integer(FluxParts.PATCH)
              .run(inner);
      NDArray timesteps =
          SizeGroup.numbers(
              inner, members, member -> (float) member.nextStep().timestep() / TRAINING_STEPS);
      NDArray output = transformer.forward(inner, now.input(latents, timesteps));
      return predictions(scope, output, now);
    }
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
