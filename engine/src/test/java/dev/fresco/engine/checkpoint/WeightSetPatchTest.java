package dev.fresco.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.NativeTensors;
import dev.fresco.engine.checkpoint.WeightSet.Layout;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.KernelWeights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights that adapters change and that come back, in every layout and for every use. */
class WeightSetPatchTest {
  private static final int RANK = 3;
  private static final WeightShapes SHAPES =
      new WeightShapes()
          .linear("linear", 24, 16)
          .pointwise("pointwise", 16, 32)
          .halves("gated", "value", "gate", 16, 48)
          .convolution("filter", 16, 32, 3)
          .convolution("shortcut", 16, 32, 1);

  /** What adapters change, and where its numbers are in the part. */
  private static final Map<String, List<String>> LAYERS =
      Map.of(
          "linear", List.of("linear.weight"),
          "pointwise", List.of("pointwise.weight"),
          "gated", List.of("gated.value.weight", "gated.gate.weight"),
          "filter", List.of("filter.weight"),
          "shortcut", List.of("shortcut.weight"));

  private static KernelLibrary kernels;
  @TempDir Path folder;

  @BeforeAll
  static void open() {
    kernels = KernelLibrary.on("cpu");
  }

  @AfterAll
  static void close() {
    kernels.close();
  }

  private record Part(WeightSet set, KernelWeights weights) {}

  @ParameterizedTest
  @CsvSource({"PLAIN, FP32, 200", "PACKED, FP32, 1000", "PLAIN, BF16, 50", "PACKED, BF16, 50"})
  void manyAdaptersLaterTheWeightsAreTheSameBits(Layout layout, ComputeType type, int cycles) {
    Part part = load(layout, type);
    try (WeightSet set = part.set();
        NDManager scope = kernels.manager().newSubManager()) {
      Map<String, float[]> before = numbers(scope, part);
      int held = NativeTensors.heldBy(kernels.manager());
      for (int cycle = 0; cycle < cycles; cycle++) {
        try (NDManager factors = scope.newSubManager()) {
          for (String layer : LAYERS.keySet()) {
            patch(factors, set, layer, cycle);
          }
        }
        if (cycle == cycles / 2) {
          Map<String, float[]> patched = numbers(scope, part);
          assertThat(patched).allSatisfy((name, w) -> assertThat(w).isNotEqualTo(before.get(name)));
        }
        LAYERS.keySet().forEach(set::restore);
      }
      numbers(scope, part)
          .forEach((name, weight) -> assertThat(weight).as(name).isEqualTo(before.get(name)));
      assertThat(NativeTensors.heldBy(kernels.manager())).isEqualTo(held);
    }
  }

  private static void patch(NDManager scope, WeightSet set, String layer, int seed) {
    Random random = new Random(seed);
    long[] shape = set.layers().get(layer);
    long[] inner = shape.clone();
    inner[0] = RANK;
    long[] outer = LongStream.of(shape).map(size -> 1).toArray();
    outer[0] = shape[0];
    outer[1] = RANK;
    set.patch(layer, noise(scope, random, inner), noise(scope, random, outer));
  }

  private static NDArray noise(NDManager scope, Random random, long... shape) {
    return scope.create(numbers(random, shape), new Shape(shape));
  }

  private static float[] numbers(Random random, long... shape) {
    float[] numbers = new float[(int) LongStream.of(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static Map<String, float[]> numbers(NDManager scope, Part part) {
    Map<String, float[]> numbers = new LinkedHashMap<>();
    for (List<String> names : LAYERS.values()) {
      for (String name : names) {
        // Numbers that do not lie in order are copied on their way, into their tensor's scope.
        try (NDManager inner = scope.newSubManager()) {
          NDArray entry =
              kernels.kernel("peek").call("entry").weights(part.weights()).text(name).run(inner);
          numbers.put(name, entry.toFloatArray());
        }
      }
    }
    return numbers;
  }

  private Part load(Layout layout, ComputeType type) {
    SafetensorsBytes file = new SafetensorsBytes();
    Random random = new Random(7);
    SHAPES
        .byName()
        .forEach(
            (name, wanted) -> file.floats(name, numbers(random, wanted.shape()), wanted.shape()));
    return WeightSet.load(
        SafetensorsFile.open(file.writeTo(folder.resolve("weights.safetensors"))),
        KeyNames.AS_STORED,
        new WeightSet.Target(kernels, type, layout),
        set -> new Part(set, set.part("", SHAPES)));
  }
}
