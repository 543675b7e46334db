package dev.fresco.engine.unet;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.parity.RelativeError;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Maps of so many tokens that bf16 takes another way through attention. */
class LongAttentionTest {
  @ParameterizedTest
  @CsvSource({"1, 3e-2", "8, 3e-2", "300, 1e-1"})
  void agreesWithSinglePrecision(float magnitude, double limit) {
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        UNet exact = load(kernels, ComputeType.FP32);
        UNet rough = load(kernels, ComputeType.BF16);
        NDManager scope = kernels.manager().newSubManager()) {
      NDArray sample = scope.randomNormal(new Shape(1, 4, 46, 50)).mul(magnitude);
      NDArray context = scope.randomNormal(new Shape(1, 9, 32)).mul(magnitude);
      float[] expected = predict(exact, scope, sample, context);
      float[] found = predict(rough, scope, sample, context);
      assertThat(RelativeError.of(found, expected)).isLessThan(limit);
    }
  }

  private static float[] predict(UNet unet, NDManager scope, NDArray sample, NDArray context) {
    try (AttendedText text = unet.attend(List.of(context), AdapterTerms.none())) {
      return unet.forward(
              scope,
              new UNetInput(
                  new Maps(sample),
                  scope.create(new float[] {500}),
                  Optional.empty(),
                  text,
                  List.of(),
                  AdapterTerms.none()))
          .group(0)
          .toFloatArray();
    }
  }

  private static UNet load(KernelLibrary kernels, ComputeType type) {
    return UNet.load(new ComponentFolder(Path.of("fixtures/sd15-tiny/unet")), kernels, type);
  }
}
