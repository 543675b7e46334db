package dev.fresco.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.EngineException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelLibraryTest {
  @ParameterizedTest
  @ValueSource(strings = {"gpu", "cuda", "cuda:-1", "tpu:0", ""})
  void refusesDevicesByName(String device) {
    assertThatThrownBy(() -> KernelLibrary.on(device))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("device '" + device + "'");
  }

  @Test
  void refusesADeviceThatIsNotThere() {
    assertThatThrownBy(() -> KernelLibrary.on("cuda:99"))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("cuda:99");
  }

  @Test
  void loadsAKernelOnceAndNamesItWhenItFails() {
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        NDManager scope = kernels.manager().newSubManager()) {
      Kernel convolution = kernels.kernel("convolution");
      NDArray picture = scope.zeros(new Shape(1, 3, 4, 4));
      Map<String, NDArray> unfit =
          Map.of("weight", scope.ones(new Shape(2, 5, 3, 3)), "bias", scope.ones(new Shape(2)));

      assertThat(kernels.kernel("convolution")).isSameAs(convolution);
      try (KernelWeights weights = KernelWeights.of(unfit)) {
        KernelCall call = convolution.call("entry").tensor(picture).weights(weights).integer(1);
        assertThatThrownBy(() -> call.run(scope))
            .isInstanceOf(EngineException.class)
            .hasMessageContaining("kernel convolution.entry failed");
      }
      assertThatThrownBy(() -> kernels.kernel("none"))
          .isInstanceOf(EngineException.class)
          .hasMessageContaining("no resource /kernels/none.py");
    }
  }

  @Test
  void countsCallsAndTheirTime() {
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        NDManager scope = kernels.manager().newSubManager()) {
      long before = kernels.clock().nanoseconds();
      kernels.kernel("cast").call("to_type").tensor(scope.ones(new Shape(2))).integer(6).run(scope);

      assertThat(kernels.clock().calls()).isOne();
      assertThat(kernels.clock().nanoseconds()).isGreaterThan(before);
    }
  }
}
