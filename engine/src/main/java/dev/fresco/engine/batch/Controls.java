package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.ControlUse;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.Picture;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.unet.ControlNetModel;
import dev.fresco.engine.unet.ControlResiduals;
import dev.fresco.engine.unet.UNetInput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The ControlNets of a batch's members. Each network runs once a step on the rows of all members
 * that use it; what it says is scaled row by row, and several networks of one row add up.
 */
final class Controls implements AutoCloseable {
  private final NDManager manager;
  private final KernelLibrary kernels;
  private final Kernel kernel;
  private final Map<ControlNetModel, ControlRows> rows = new LinkedHashMap<>();

  /**
   * @param manager of the batch
   * @param kernels of the model
   */
  Controls(NDManager manager, KernelLibrary kernels) {
    this.manager = manager;
    this.kernels = kernels;
    this.kernel = kernels.kernel("control");
  }

  /** Brings a picture to the size of the latents, for all steps. */
  MemberControl embed(NDManager member, ControlUse use, PictureSettings settings) {
    LoadedControlNet loaded = LoadedControlNet.of(use, kernels);
    Picture picture = use.picture();
    if (picture.width() != settings.width() || picture.height() != settings.height()) {
      throw new EngineException(
          "the picture for %s is %d x %d pixels; the request is for %d x %d"
              .formatted(
                  use.net().name(),
                  picture.width(),
                  picture.height(),
                  settings.width(),
                  settings.height()));
    }
    try (NDArray pixels = loaded.pixels(member, picture)) {
      return new MemberControl(use, loaded.network(), loaded.network().embed(member, pixels));
    }
  }

  /**
   * Runs the networks of the step to come.
   *
   * @param unet what the UNet is given, without residuals
   */
  List<ControlResiduals> residuals(
      NDManager scope, List<SizeGroup> groups, UNetInput unet, UNetRows all) {
    Map<ControlNetModel, List<ControlRows.Use>> uses = uses(groups);
    List.copyOf(rows.keySet()).stream().filter(net -> !uses.containsKey(net)).forEach(this::drop);
    List<ControlResiduals> residuals = new ArrayList<>();
    uses.forEach((net, own) -> residuals.add(run(scope, net, own, unet, all)));
    return residuals;
  }

  private Map<ControlNetModel, List<ControlRows.Use>> uses(List<SizeGroup> groups) {
    Map<ControlNetModel, List<ControlRows.Use>> uses = new LinkedHashMap<>();
    for (int group = 0; group < groups.size(); group++) {
      List<Member> rowsOfGroup = groups.get(group).rows();
      for (int row = 0; row < rowsOfGroup.size(); row++) {
        for (MemberControl control : rowsOfGroup.get(row).activeControls()) {
          uses.computeIfAbsent(control.net(), net -> new ArrayList<>())
              .add(new ControlRows.Use(group, row, control));
        }
      }
    }
    return uses;
  }

  private ControlResiduals run(
      NDManager scope,
      ControlNetModel net,
      List<ControlRows.Use> uses,
      UNetInput unet,
      UNetRows all) {
    ControlRows known = rows.get(net);
    if (known == null || !known.isOf(all, uses)) {
      drop(net);
      known = ControlRows.of(manager.newSubManager(), net, uses, all, kernel);
      rows.put(net, known);
    }
    UNetInput own =
        new UNetInput(
            known.select(scope, unet.samples(), kernel),
            kernel.call("selected").tensor(unet.timesteps()).tensor(known.flat()).run(scope),
            known.added(),
            known.text(),
            List.of(),
            AdapterTerms.none());
    return new ControlResiduals(net.forward(scope, own, known.pictures()), known.places());
  }

  private void drop(ControlNetModel net) {
    ControlRows gone = rows.remove(net);
    if (gone != null) {
      gone.close();
    }
  }

  @Override
  public void close() {
    List.copyOf(rows.keySet()).forEach(this::drop);
  }
}
