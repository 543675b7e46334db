package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.dit.RecordedStates.Source;
import dev.fresco.engine.dit.TokenLayout;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.mask.ActiveMember;
import dev.fresco.engine.mask.MaskPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Which places of a batch's members the network computes. A place is a token of two by two latents,
 * and chosen if the mask reaches one of them.
 *
 * @param chosen int64, among all places of all members; empty if all are computed
 * @param own int64, by group of which not all are computed, the chosen ones among the member's
 *     places
 */
record FluxPlaces(NDArray chosen, Map<Integer, NDArray> own) {
  /** The latents, and the tokens that they are packed into, which are half as high and wide. */
  static final int LEVELS = 2;

  /**
   * The places of a group of which not all are computed; its one member has a recording.
   *
   * @return ascending; empty if all are computed
   */
  static Optional<int[]> chosen(SizeGroup group) {
    ActiveMember active = group.members().get(0).active();
    if (active == null || active.recording() == null) {
      return Optional.empty();
    }
    MaskPlan.Level tokens = active.plan().levels().get(LEVELS - 1);
    return Optional.of(tokens.active()).filter(places -> places.length < tokens.places());
  }

  /**
   * @param manager of the tensors
   */
  static FluxPlaces of(NDManager manager, List<SizeGroup> groups) {
    LongStream.Builder all = LongStream.builder();
    Map<Integer, NDArray> own = new HashMap<>();
    int first = 0;
    for (int i = 0; i < groups.size(); i++) {
      int places = places(groups.get(i));
      int[] chosen = chosen(groups.get(i)).orElseGet(() -> IntStream.range(0, places).toArray());
      if (chosen.length < places) {
        own.put(i, numbers(manager, chosen));
      }
      int before = first;
      Arrays.stream(chosen).forEach(place -> all.add(before + place));
      first += places;
    }
    long[] indices = own.isEmpty() ? new long[0] : all.build().toArray();
    return new FluxPlaces(manager.create(indices, new Shape(indices.length)), own);
  }

  /** Of all members of a group together. */
  private static int places(SizeGroup group) {
    Shape latents = group.members().get(0).sample().getShape();
    long places = latents.get(2) / FluxParts.PATCH * (latents.get(3) / FluxParts.PATCH);
    return Math.toIntExact(group.members().size() * places);
  }

  private static NDArray numbers(NDManager manager, int[] numbers) {
    long[] wide = Arrays.stream(numbers).asLongStream().toArray();
    return manager.create(wide, new Shape(wide.length));
  }

  /**
   * The rotations of the tokens that are computed.
   *
   * @param manager of those that are not of all tokens
   * @param tables of all tokens of each group
   */
  List<NDArray> rotations(
      NDManager manager, Kernel kernel, TokenLayout layout, List<NDArray> tables) {
    List<NDArray> rotations = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      rotations.add(
          own.containsKey(i)
              ? kernel
                  .call("chosen_rotations")
                  .tensor(tables.get(i))
                  .tensor(own.get(i))
                  .integer(layout.groups().get(i).shape().words())
                  .run(manager)
              : tables.get(i));
    }
    return rotations;
  }

  /** What each group reads of its member's recording in the step to come. */
  Map<Integer, Source> sources(List<SizeGroup> groups) {
    Map<Integer, Source> sources = new HashMap<>();
    own.forEach(
        (group, places) -> {
          Member member = groups.get(group).members().get(0);
          int step = member.scheduleStep();
          sources.put(
              group, new Source(places, name -> member.active().recording().tensor(step, name)));
        });
    return sources;
  }
}
