package dev.fresco.engine.batch;

import ai.djl.ndarray.NDManager;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.mask.ActiveLayout;
import dev.fresco.engine.unet.UNet;
import java.util.List;

/** {@link UNetRows} of the members that stepped last; made anew when others step. */
final class KeptRows implements AutoCloseable {
  private final NDManager manager;
  private final UNet unet;
  private final Kernel kernel;
  private final AdapterFactors factors;
  private UNetRows rows;
  private ActiveLayout layout;

  /**
   * @param manager of the batch
   * @param factors stay the caller's
   */
  KeptRows(NDManager manager, UNet unet, Kernel kernel, AdapterFactors factors) {
    this.manager = manager;
    this.unet = unet;
    this.kernel = kernel;
    this.factors = factors;
  }

  UNetRows of(List<SizeGroup> groups, AdapterPlan plan) {
    if (rows == null || !rows.groups().equals(groups) || !rows.plan().equals(plan)) {
      close();
      AdapterTerms terms =
          plan.terms()
              ? factors.terms(groups.stream().map(SizeGroup::rows).toList())
              : AdapterTerms.none();
      rows = new UNetRowsBuilder(manager.newSubManager(), unet, kernel).build(groups, plan, terms);
    }
    return rows;
  }

  /** How the active places of the groups' members lie; {@link #of} was called with them before. */
  ActiveLayout layout(List<SizeGroup> groups) {
    if (layout == null) {
      layout =
          new ActiveLayout(
              manager.newSubManager(),
              SizeGroup.all(groups, SizeGroup::members).stream().map(Member::active).toList(),
              groups.stream().mapToLong(group -> group.rows().size()).toArray());
    }
    return layout;
  }

  @Override
  public void close() {
    if (rows != null) {
      rows.close();
      rows = null;
    }
    if (layout != null) {
      layout.close();
      layout = null;
    }
  }
}
