package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.batch.Member.Text;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.unet.AttendedText;
import dev.fresco.engine.unet.ControlNetModel;
import dev.fresco.engine.unet.ControlResiduals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The rows of a batch that use one ControlNet, and what it needs of them that does not change from
 * step to step.
 *
 * @param manager of all tensors here
 * @param rows of the UNet that these are taken from
 * @param uses row by row
 * @param places where they stand in the UNet's groups
 * @param flat where they stand in all of the UNet's rows, {@code [rows]}
 * @param pictures embedded, one tensor for each group
 * @param text keys and values of the ControlNet's own attention
 * @param added to the time embedding, by the ControlNet's own projection
 */
record ControlRows(
    NDManager manager,
    UNetRows rows,
    List<Use> uses,
    ControlResiduals.Rows places,
    NDArray flat,
    List<NDArray> pictures,
    AttendedText text,
    Optional<NDArray> added)
    implements AutoCloseable {

  /** One row of a group. A network that a member uses twice has two of the same. */
  record Use(int group, int row, MemberControl control) {}

  /**
   * @param manager owned from now on
   */
  static ControlRows of(
      NDManager manager, ControlNetModel net, List<Use> uses, UNetRows all, Kernel kernel) {
    try (NDManager inner = manager.newSubManager()) {
      Map<Integer, List<Use>> byGroup =
          uses.stream()
              .collect(Collectors.groupingBy(Use::group, TreeMap::new, Collectors.toList()));
      List<NDArray> places = new ArrayList<>();
      List<NDArray> scales = new ArrayList<>();
      List<NDArray> pictures = new ArrayList<>();
      List<NDArray> contexts = new ArrayList<>();
      Kernel denoise = all.kernel();
      byGroup.forEach(
          (group, own) -> {
            List<Text> texts = all.groups().get(group).texts();
            places.add(SizeGroup.places(manager, own.stream().mapToLong(Use::row).toArray()));
            scales.add(scales(manager, own));
            pictures.add(
                UNetRows.stacked(
                    manager, denoise, own.stream().map(use -> use.control().picture()).toList()));
            contexts.add(
                UNetRows.stacked(
                    inner,
                    denoise,
                    own.stream().map(use -> texts.get(use.row()).states()).toList()));
          });
      long[] groups = byGroup.keySet().stream().mapToLong(Integer::longValue).toArray();
      NDArray flat = SizeGroup.places(manager, flat(byGroup, all));
      Optional<NDArray> added =
          all.added()
              .map(
                  more ->
                      net.added(
                          manager,
                          selected(inner, kernel, more.sizes(), flat),
                          selected(inner, kernel, more.pooled(), flat)));
      return new ControlRows(
          manager,
          all,
          uses,
          new ControlResiduals.Rows(groups, places, scales),
          flat,
          pictures,
          net.attend(contexts),
          added);
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  /** Whether the same rows use it in the same way. */
  boolean isOf(UNetRows unet, List<Use> others) {
    return rows == unet && uses.equals(others);
  }

  /** The rows of a UNet's maps that use the network. */
  Maps select(NDManager scope, Maps maps, Kernel kernel) {
    return kernel
        .call("rows")
        .maps(maps)
        .integers(places.groups())
        .tensors(places.places())
        .runForMaps(scope);
  }

  private static NDArray selected(NDManager scope, Kernel kernel, NDArray of, NDArray places) {
    return kernel.call("selected").tensor(of).tensor(places).run(scope);
  }

  private static NDArray scales(NDManager manager, List<Use> uses) {
    float[] scales = new float[uses.size()];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = (float) uses.get(i).control().use().scale();
    }
    return manager.create(scales, new Shape(scales.length, 1, 1, 1));
  }

  private static long[] flat(Map<Integer, List<Use>> byGroup, UNetRows all) {
    List<Long> flat = new ArrayList<>();
    byGroup.forEach(
        (group, uses) -> {
          long before =
              all.groups().subList(0, group).stream().mapToLong(each -> each.rows().size()).sum();
          uses.forEach(use -> flat.add(before + use.row()));
        });
    return flat.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public void close() {
    text.close();
    manager.close();
  }
}
