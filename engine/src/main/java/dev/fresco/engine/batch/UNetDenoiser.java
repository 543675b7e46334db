package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.adapter.LoraComponent;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.unet.ControlResiduals;
import dev.fresco.engine.unet.UNet;
import dev.fresco.engine.unet.UNetInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stable Diffusion 1, 2 and XL. What depends on who is in the batch, not on the step, is computed
 * once for as long as the members that step stay the same.
 */
final class UNetDenoiser implements Denoiser {
  private final NDManager manager;
  private final UNet unet;
  private final int factor;
  private final Kernel kernel;
  private final WeightPatches patches;
  private final AdapterFactors factors;
  private final Controls controls;
  private UNetRows rows;

  /**
   * @param manager of the batch
   */
  UNetDenoiser(NDManager manager, UNetParts parts) {
    this.manager = manager;
    this.unet = parts.unet();
    this.factor = parts.autoencoder().factor();
    this.patches = parts.patches();
    this.kernel = parts.kernels().kernel("denoise");
    this.factors =
        new AdapterFactors(
            manager, LoraComponent.UNET, parts.kernels().kernel("cast"), parts.computeType());
    this.controls = new Controls(manager, parts.kernels());
  }

  @Override
  public List<MemberControl> controls(NDManager member, PictureRequest request) {
    RequestFit.require(request, unet.config(), factor);
    List<MemberControl> embedded = new ArrayList<>();
    for (ControlUse use : request.controls()) {
      embedded.add(controls.embed(member, use, request.settings()));
    }
    return embedded;
  }

  @Override
  public List<Prediction> predict(NDManager scope, List<SizeGroup> groups) {
    AdapterPlan plan = AdapterPlan.of(SizeGroup.adapters(groups));
    return patches.with(plan.patched(), () -> pass(scope, groups, plan));
  }

  private List<Prediction> pass(NDManager scope, List<SizeGroup> groups, AdapterPlan plan) {
    UNetRows now = rowsOf(groups, plan);
    AdapterTerms terms = now.terms();
    Optional<NDArray> added = now.added().map(UNetRows.Added::embedding);
    try (NDManager inner = scope.newSubManager()) {
      Maps samples = samples(inner, groups, now);
      NDArray timesteps =
          SizeGroup.numbers(
              inner,
              SizeGroup.all(groups, SizeGroup::rows),
              member -> member.nextStep().timestep());
      UNetInput input = new UNetInput(samples, timesteps, added, now.text(), List.of(), terms);
      List<ControlResiduals> residuals = controls.residuals(inner, groups, input, now);
      Maps output =
          unet.forward(
              scope, new UNetInput(samples, timesteps, added, now.text(), residuals, terms));
      return predictions(output, now);
    }
  }

  private UNetRows rowsOf(List<SizeGroup> groups, AdapterPlan plan) {
    if (rows == null || !rows.groups().equals(groups) || !rows.plan().equals(plan)) {
      closeRows();
      factors.keepOnly(SizeGroup.adapters(groups));
      AdapterTerms terms =
          plan.terms()
              ? factors.terms(groups.stream().map(SizeGroup::rows).toList())
              : AdapterTerms.none();
      rows = new UNetRowsBuilder(manager.newSubManager(), unet, kernel).build(groups, plan, terms);
    }
    return rows;
  }

  private void closeRows() {
    if (rows != null) {
      rows.close();
      rows = null;
    }
  }

  private Maps samples(NDManager scope, List<SizeGroup> groups, UNetRows now) {
    NDArray[] samples = new NDArray[groups.size()];
    for (int i = 0; i < samples.length; i++) {
      SizeGroup group = groups.get(i);
      samples[i] = // [rows, channels, height, width]
          kernel
              .call("rows")
              .tensors(group.samples())
              .tensor(
                  SizeGroup.numbers(
                      scope, group.members(), member -> member.nextStep().inputScale()))
              .tensor(now.guided().get(i))
              .run(scope);
    }
    return new Maps(samples);
  }

  private static List<Prediction> predictions(Maps output, UNetRows now) {
    List<Prediction> predictions = new ArrayList<>();
    for (int i = 0; i < output.count(); i++) {
      predictions.add(new Prediction(output.group(i), now.guided().get(i)));
    }
    return predictions;
  }

  @Override
  public void forget() {
    closeRows();
    factors.close();
    controls.close();
  }

  @Override
  public void close() {
    forget();
  }
}
