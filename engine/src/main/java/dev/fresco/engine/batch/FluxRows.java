package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.batch.Member.Text;
import dev.fresco.engine.dit.FluxInput;
import dev.fresco.engine.dit.RecordedStates;
import dev.fresco.engine.dit.RecordedStates.Sink;
import dev.fresco.engine.dit.RotaryTables;
import dev.fresco.engine.dit.TokenLayout;
import dev.fresco.engine.dit.TokenShape;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Kernel;
import java.util.List;
import java.util.Map;

/**
 * What Flux's transformer needs of the members of a batch and does not change from step to step.
 *
 * @param manager of all tensors here but the rotations
 * @param groups that it is of
 * @param plan of their adapters
 * @param layout of their tokens
 * @param chosen which of their places are computed
 * @param texts of them
 * @param rotations one for each group
 * @param terms of their adapters
 */
record FluxRows(
    NDManager manager,
    List<SizeGroup> groups,
    AdapterPlan plan,
    TokenLayout layout,
    FluxPlaces chosen,
    Texts texts,
    List<NDArray> rotations,
    AdapterTerms terms)
    implements AutoCloseable {

  /**
   * All fp32.
   *
   * @param words {@code [words, channels]}
   * @param pooled {@code [members, channels]}
   * @param guidance {@code [members]}
   */
  record Texts(NDArray words, NDArray pooled, NDArray guidance) {}

  /**
   * @param manager owned from now on
   * @param kernel of Flux
   */
  static FluxRows of(
      NDManager manager,
      List<SizeGroup> groups,
      AdapterPlan plan,
      Kernel kernel,
      RotaryTables rotations,
      AdapterFactors factors) {
    try {
      TokenLayout layout = new TokenLayout(groups.stream().map(FluxRows::tokens).toList());
      rotations.retain(layout.shapes());
      List<Member> members = SizeGroup.all(groups, SizeGroup::members);
      FluxPlaces chosen = FluxPlaces.of(manager, groups);
      List<Text> texts = members.stream().map(member -> member.prompts().positive()).toList();
      NDArray words =
          kernel.call("flat").tensors(texts.stream().map(Text::states).toList()).run(manager);
      NDArray pooled =
          kernel.call("stacked").tensors(texts.stream().map(Text::pooled).toList()).run(manager);
      NDArray guidance =
          SizeGroup.numbers(manager, members, member -> member.settings().guidanceScale());
      return new FluxRows(
          manager,
          groups,
          plan,
          layout,
          chosen,
          new Texts(words, pooled, guidance),
          chosen.rotations(
              manager, kernel, layout, layout.shapes().stream().map(rotations::of).toList()),
          plan.terms()
              ? factors.terms(groups.stream().map(SizeGroup::members).toList())
              : AdapterTerms.none());
    } catch (RuntimeException | Error e) {
      manager.close();
      throw e;
    }
  }

  private static TokenLayout.Group tokens(SizeGroup group) {
    Member first = group.members().get(0);
    long words = first.prompts().positive().states().getShape().get(1);
    long height = first.sample().getShape().get(2) / FluxParts.PATCH;
    long width = first.sample().getShape().get(3) / FluxParts.PATCH;
    TokenShape shape = new TokenShape((int) words, (int) height, (int) width);
    return FluxPlaces.chosen(group)
        .map(chosen -> new TokenLayout.Group(1, shape, chosen.length))
        .orElseGet(() -> new TokenLayout.Group(group.members().size(), shape));
  }

  boolean isOf(List<SizeGroup> others, AdapterPlan otherPlan) {
    return groups.equals(others) && plan.equals(otherPlan);
  }

  /**
   * The network's input for a step.
   *
   * @param latents fp32 {@code [places, channels]}
   * @param timesteps fp32 {@code [members]}
   * @param sinks for what groups leave behind
   */
  FluxInput input(NDArray latents, NDArray timesteps, Map<Integer, Sink> sinks) {
    return new FluxInput(
        layout,
        latents,
        texts.words(),
        new FluxInput.Conditions(timesteps, texts.guidance(), texts.pooled()),
        rotations,
        terms,
        new RecordedStates(chosen.sources(groups), sinks));
  }

  @Override
  public void close() {
    terms.close();
    manager.close();
  }
}
