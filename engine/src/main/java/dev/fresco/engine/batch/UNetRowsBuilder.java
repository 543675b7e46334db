package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.batch.Member.Text;
import dev.fresco.engine.checkpoint.UNetConfig.AddedConditioning;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.unet.UNet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes {@link UNetRows}.
 *
 * @param manager owned by what is made
 * @param kernel that stacks rows
 */
record UNetRowsBuilder(NDManager manager, UNet unet, Kernel kernel) {

  /**
   * @param terms owned by what is made
   */
  UNetRows build(List<SizeGroup> groups, AdapterPlan plan, AdapterTerms terms) {
    try (NDManager inner = manager.newSubManager()) {
      List<NDArray> contexts = new ArrayList<>();
      List<NDArray> guided = new ArrayList<>();
      for (SizeGroup group : groups) {
        List<NDArray> states = group.texts().stream().map(Text::states).toList();
        contexts.add(UNetRows.stacked(inner, kernel, states));
        guided.add(SizeGroup.places(manager, group.guidedPlaces()));
      }
      Optional<UNetRows.Added> added = added(groups, terms);
      return new UNetRows(
          manager, kernel, groups, plan, terms, guided, unet.attend(contexts, terms), added);
    } catch (RuntimeException | Error e) {
      terms.close();
      manager.close();
      throw e;
    }
  }

  private Optional<UNetRows.Added> added(List<SizeGroup> groups, AdapterTerms terms) {
    if (!unet.config().added().isThere()) {
      return Optional.empty();
    }
    List<NDArray> texts =
        SizeGroup.all(groups, SizeGroup::texts).stream().map(Text::pooled).toList();
    NDArray sizes = sizes(groups);
    NDArray pooled = UNetRows.stacked(manager, kernel, texts);
    long[] rows = groups.stream().mapToLong(group -> group.rows().size()).toArray();
    return Optional.of(
        new UNetRows.Added(sizes, pooled, unet.added(manager, sizes, pooled, rows, terms)));
  }

  /** As if each picture were whole and of the size that it is to have. */
  private NDArray sizes(List<SizeGroup> groups) {
    List<Member> rows = SizeGroup.all(groups, SizeGroup::rows);
    float[] sizes = new float[rows.size() * AddedConditioning.SIZES];
    int at = 0;
    for (Member member : rows) {
      PictureSettings settings = member.settings();
      for (int size :
          new int[] {
            settings.height(), settings.width(), 0, 0, settings.height(), settings.width()
          }) {
        sizes[at++] = size;
      }
    }
    return manager.create(sizes, new Shape(rows.size(), AddedConditioning.SIZES));
  }
}
