package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.adapter.AdapterSet;
import dev.fresco.engine.adapter.LoraComponent;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.mask.ActiveMember;
import dev.fresco.engine.unet.ControlResiduals;
import dev.fresco.engine.unet.UNet;
import dev.fresco.engine.unet.UNetInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
  private final Kernel convolution;
  private final KeptRows whole;
  private final KeptRows active;

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
    this.convolution = parts.kernels().kernel("convolution");
    this.whole = new KeptRows(manager, unet, kernel, factors);
    this.active = new KeptRows(manager, unet, kernel, factors);
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
  public ActiveMember active(PictureRequest request) {
    return ActiveRequest.member(request, unet.levels(), factor);
  }

  @Override
  public List<Prediction> predict(NDManager scope, List<SizeGroup> groups) {
    List<AdapterSet> adapters = SizeGroup.adapters(groups);
    AdapterPlan plan = AdapterPlan.of(adapters);
    factors.keepOnly(adapters);
    return patches.with(plan.patched(), () -> pass(scope, groups, plan));
  }

  /** Whole maps in one pass of the network, active places in another. */
  private List<Prediction> pass(NDManager scope, List<SizeGroup> groups, AdapterPlan plan) {
    List<SizeGroup> whole = groups.stream().filter(group -> !group.isActive()).toList();
    List<SizeGroup> active = groups.stream().filter(SizeGroup::isActive).toList();
    Map<SizeGroup, Prediction> predictions = new HashMap<>();
    if (!whole.isEmpty()) {
      putAll(predictions, whole, wholePass(scope, whole, plan));
    }
    if (!active.isEmpty()) {
      putAll(predictions, active, activePass(scope, active, plan));
    }
    return groups.stream().map(predictions::get).toList();
  }

  private static void putAll(
      Map<SizeGroup, Prediction> predictions, List<SizeGroup> groups, List<Prediction> of) {
    for (int i = 0; i < groups.size(); i++) {
      predictions.put(groups.get(i), of.get(i));
    }
  }

  private List<Prediction> wholePass(NDManager scope, List<SizeGroup> groups, AdapterPlan plan) {
    UNetRows now = whole.of(groups, plan);
    try (NDManager inner = scope.newSubManager()) {
      UNetInput input = input(inner, groups, now);
      List<ControlResiduals> residuals = controls.residuals(inner, groups, input, now);
      return predictions(unet.forward(scope, input.with(residuals)), now);
    }
  }

  private List<Prediction> activePass(NDManager scope, List<SizeGroup> groups, AdapterPlan plan) {
    UNetRows now = active.of(groups, plan);
    List<Member> members = SizeGroup.all(groups, SizeGroup::members);
    try (NDManager inner = scope.newSubManager()) {
      KeptActivations kept = KeptActivations.of(scope, convolution, members);
      List<Integer> steps = members.stream().map(Member::scheduleStep).toList();
      Maps output =
          unet.active(scope, input(inner, groups, now), active.layout(groups), steps, kept);
      kept.handOver();
      return predictions(output, now);
    }
  }

  private UNetInput input(NDManager scope, List<SizeGroup> groups, UNetRows now) {
    NDArray timesteps =
        SizeGroup.numbers(
            scope, SizeGroup.all(groups, SizeGroup::rows), member -> member.nextStep().timestep());
    return new UNetInput(
        samples(scope, groups, now),
        timesteps,
        now.added().map(UNetRows.Added::embedding),
        now.text(),
        List.of(),
        now.terms());
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
    whole.close();
    active.close();
    factors.close();
    controls.close();
  }

  @Override
  public void close() {
    forget();
  }
}
