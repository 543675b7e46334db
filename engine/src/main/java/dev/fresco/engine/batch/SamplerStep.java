package dev.fresco.engine.batch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.kernel.Kernel;
import dev.fresco.engine.sampler.StepCoefficients;
import dev.fresco.engine.sampler.StepCoefficients.CleanEstimate;
import dev.fresco.engine.sampler.StepCoefficients.Memory;
import dev.fresco.engine.sampler.StepCoefficients.Next;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The samplers' part of a step: what the network put out for members of one size becomes their next
 * samples, in one call of the kernel whatever their samplers are.
 *
 * @param members in the order of the network's first rows
 */
record SamplerStep(List<Member> members) {
  private static final int NUMBERS = 13;

  /**
   * The members whose rows with the negative prompt follow those of all members.
   *
   * @param places of them among the members, whole numbers
   * @param strength guidance scale of each, fp32
   */
  record Guided(NDArray places, NDArray strength) {}

  /**
   * Computes the step; no member changes.
   *
   * @param scope the manager that the results attach to
   * @param output {@code [members + guided, channels, height, width]}
   * @return what the step makes of each member, in their order
   */
  List<Member.Advanced> advance(NDManager scope, Kernel denoise, NDArray output, Guided guided) {
    List<Member> remembering = members.stream().filter(Member::remembers).toList();
    List<Member> drawing = members.stream().filter(Member::draws).toList();
    try (NDManager inner = scope.newSubManager()) {
      NDArray[] made =
          denoise
              .call("advance")
              .tensors(states(remembering))
              .tensor(output)
              .tensor(guided.places())
              .tensor(guided.strength())
              .tensor(coefficients(inner))
              .tensor(places(inner, Member::remembers))
              .tensor(places(inner, Member::draws))
              .tensor(noise(inner, drawing, output.getShape()))
              .runForList(scope);
      return advanced(made);
    }
  }

  private List<NDArray> states(List<Member> remembering) {
    return Stream.of(
            members.stream().map(Member::sample),
            members.stream().map(Member::estimate),
            remembering.stream().map(Member::memory))
        .flatMap(each -> each)
        .toList();
  }

  private List<Member.Advanced> advanced(NDArray[] made) {
    int count = members.size();
    int memories = 2 * count;
    try (NDArray counts = made[made.length - 1]) {
      float[] notFinite = counts.toFloatArray();
      List<Member.Advanced> all = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        NDArray memory = members.get(i).remembers() ? made[memories++] : null;
        all.add(new Member.Advanced(made[i], made[count + i], memory, (long) notFinite[i]));
      }
      return all;
    }
  }

  private NDArray places(NDManager scope, Predicate<Member> which) {
    long[] places =
        IntStream.range(0, members.size())
            .filter(i -> which.test(members.get(i)))
            .asLongStream()
            .toArray();
    return SizeGroup.places(scope, places);
  }

  /** {@code [drawing, channels, height, width]}. */
  private static NDArray noise(NDManager scope, List<Member> drawing, Shape output) {
    int places = Math.toIntExact(output.slice(1).size());
    float[] all = new float[drawing.size() * places];
    for (int i = 0; i < drawing.size(); i++) {
      System.arraycopy(drawing.get(i).noise(), 0, all, i * places, places);
    }
    return scope.create(all, new Shape(drawing.size()).addAll(output.slice(1)));
  }

  /** {@code [members, 13]}, in the order that the kernel takes. */
  private NDArray coefficients(NDManager scope) {
    float[] all = new float[members.size() * NUMBERS];
    int at = 0;
    for (Member member : members) {
      for (double number : numbers(member.nextStep())) {
        all[at++] = (float) number;
      }
    }
    return scope.create(all, new Shape(members.size(), NUMBERS));
  }

  private static double[] numbers(StepCoefficients step) {
    CleanEstimate x0 = step.x0();
    Next next = step.next();
    Memory memory = step.memory();
    return new double[] {
      x0.fromSample(),
      x0.fromOutput(),
      x0.limit(),
      next.fromSample(),
      next.fromOutput(),
      next.fromX0(),
      next.fromPreviousX0(),
      next.fromMemory(),
      next.fromNoise(),
      memory.fromSample(),
      memory.fromX0(),
      memory.fromPreviousX0(),
      memory.fromMemory()
    };
  }
}
