package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.batch.Member.Text;
import dev.fresco.engine.checkpoint.UNetConfig.AddedConditioning;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.unet.AttendedText;
import dev.fresco.engine.unet.UNet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a UNet needs of the members of a batch and does not change from step to step.
 *
 * @param manager of all tensors here
 * @param kernel that stacks rows
 * @param groups that it is of
 * @param guided places of the guided members of each group
 * @param text keys and values of every row's text
 * @param sizes fp32 {@code [rows, 6]}, what SDXL is told of the pictures
 * @param pooled fp32 {@code [rows, channels]}, likewise of the texts
 * @param added to the time embedding of every row
 */
record UNetRows(
    NDManager manager,
    Kernel kernel,
    List<SizeGroup> groups,
    List<NDArray> guided,
    AttendedText text,
    Optional<NDArray> sizes,
    Optional<NDArray> pooled,
    Optional<NDArray> added)
    implements AutoCloseable {

  /**
   * @param manager owned from now on
   */
  static UNetRows of(
      NDManager manager, List<SizeGroup> groups, UNet unet, Kernel kernel, AdapterTerms terms) {
    try (NDManager inner = manager.newSubManager()) {
      List<NDArray> contexts = new ArrayList<>();
      List<NDArray> guided = new ArrayList<>();
      for (SizeGroup group : groups) {
        contexts.add(stacked(inner, kernel, group.texts().stream().map(Text::states).toList()));
        guided.add(UNetDenoiser.places(manager, group.guidedPlaces()));
      }
      AttendedText text = unet.attend(contexts, terms);
      if (!unet.config().added().isThere()) {
        return new UNetRows(
            manager,
            kernel,
            groups,
            guided,
            text,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
      }
      NDArray sizes = sizes(manager, groups);
      NDArray pooled =
          stacked(
              manager,
              kernel,
              SizeGroup.all(groups, SizeGroup::texts).stream().map(Text::pooled).toList());
      NDArray added = unet.added(manager, sizes, pooled);
      return new UNetRows(
          manager,
          kernel,
          groups,
          guided,
          text,
          Optional.of(sizes),
          Optional.of(pooled),
          Optional.of(added));
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  static NDArray stacked(NDManager scope, Kernel kernel, List<NDArray> rows) {
    return kernel.call("stacked").tensors(rows).run(scope);
  }

  /** As if each picture were whole and of the size that it is to have. */
  private static NDArray sizes(NDManager manager, List<SizeGroup> groups) {
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

  @Override
  public void close() {
    text.close();
    manager.close();
  }
}
