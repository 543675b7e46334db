package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.unet.UNet;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Members whose latents have one size, for one step. The network's rows are all members with their
 * prompts, then the guided ones with their negative prompts.
 */
final class SizeGroup {
  private final List<Member> members;
  private final List<Member> guided;

  SizeGroup(List<Member> members) {
    this.members = members;
    this.guided = members.stream().filter(member -> member.settings().guided()).toList();
  }

  List<Member> members() {
    return members;
  }

  /**
   * Computes the step; no member changes.
   *
   * @param scope the manager that the results attach to
   * @return what the step makes of each member, in the order of the members
   */
  List<Member.Advanced> advance(NDManager scope, UNet unet, Kernel denoise) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray places = inner.create(guidedPlaces(), new Shape(guided.size()));
      NDArray rows = // [rows, channels, height, width]
          denoise
              .call("rows")
              .tensors(of(members, Member::sample))
              .tensor(numbers(inner, members, member -> member.nextStep().inputScale()))
              .tensor(places)
              .run(inner);
      NDArray context = // [rows, words, channels]
          denoise.call("stacked").tensors(prompts()).run(inner);
      NDArray output = unet.forward(inner, rows, timesteps(inner), context);
      NDArray strength = numbers(inner, guided, member -> member.settings().guidanceScale());
      return new SamplerStep(members)
          .advance(scope, denoise, output, new SamplerStep.Guided(places, strength));
    }
  }

  private long[] guidedPlaces() {
    return guided.stream().mapToLong(members::indexOf).toArray();
  }

  private NDArray timesteps(NDManager scope) {
    List<Member> rows = Stream.concat(members.stream(), guided.stream()).toList();
    return numbers(scope, rows, member -> member.nextStep().timestep());
  }

  private List<NDArray> prompts() {
    return Stream.concat(
            members.stream().map(Member::positive), guided.stream().map(Member::negative))
        .toList();
  }

  private static NDArray numbers(
      NDManager scope, List<Member> of, ToDoubleFunction<Member> number) {
    float[] numbers = new float[of.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) number.applyAsDouble(of.get(i));
    }
    return scope.create(numbers, new Shape(numbers.length));
  }

  private static List<NDArray> of(List<Member> members, Function<Member, NDArray> tensor) {
    return members.stream().map(tensor).toList();
  }
}
