package dev.fresco.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientRecordingTest {
  @Test
  void isOnForItsWorkOnly() {
    assertThat(GradientRecording.isOn()).isFalse();
    boolean inner =
        GradientRecording.during(
            () -> {
              GradientRecording.during(() -> null);
              return GradientRecording.isOn() && JniUtils.isGradMode();
            });
    assertThat(inner).isTrue();
    assertThatThrownBy(
            () ->
                GradientRecording.during(
                    () -> {
                      throw new IllegalStateException("wrong");
                    }))
        .hasMessage("wrong");
    assertThat(GradientRecording.isOn()).isFalse();
    assertThat(JniUtils.isGradMode()).isFalse();
  }

  @Test
  void whatIsRecordedHasGradients() {
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        NDManager scope = kernels.manager().newSubManager()) {
      Kernel kernel = kernels.kernel("lora");
      NDArray weight = scope.create(new float[] {1, -2});
      weight.setRequiresGradient(true);
      NDArray target = scope.create(new float[] {0, 0});
      NDArray sums = scope.create(new float[] {10, 10});
      GradientRecording.during(
          () -> {
            NDArray loss = kernel.call("loss").tensor(weight).tensor(target).run(scope);
            return kernel
                .call("add_gradients")
                .tensor(loss)
                .tensors(List.of(weight))
                .tensors(List.of(sums))
                .run(scope);
          });

      assertThat(sums.toFloatArray()).containsExactly(11, 8);
      NDArray plain = kernel.call("loss").tensor(weight).tensor(target).run(scope);
      assertThat(JniUtils.requiresGrad((PtNDArray) plain)).isFalse();
    }
  }
}
