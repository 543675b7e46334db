package dev.fresco.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.NativeException;
import dev.fresco.engine.OutOfMemoryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeFailureTest {
  /** 256 TiB of fp32: more than a process can address. */
  private static final Shape VAST = new Shape(1L << 46);

  private static RuntimeException saying(String message) {
    return NativeFailure.of("work", new ai.djl.engine.EngineException(message));
  }

  @Test
  void aTensorThatNoMachineHoldsIsOutOfMemory() {
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        NDManager scope = kernels.manager().newSubManager()) {
      assertThatThrownBy(() -> NativeFailure.during("zeros", () -> scope.zeros(VAST)))
          .isInstanceOf(OutOfMemoryException.class)
          .hasMessageContaining("zeros: out of memory")
          .hasMessageContaining("281474976710656 bytes");
    }
  }

  @Test
  void aKernelThatCannotAllocateIsOutOfMemoryAndAnotherFailureIsNot() {
    try (KernelLibrary kernels = KernelLibrary.on("cpu");
        NDManager scope = kernels.manager().newSubManager()) {
      Kernel cast = kernels.kernel("cast");
      NDArray vast = scope.ones(new Shape(1)).broadcast(VAST);
      KernelCall copy = cast.call("to_type").tensor(vast).integer(7);
      assertThatThrownBy(() -> copy.run(scope))
          .isInstanceOf(OutOfMemoryException.class)
          .hasMessageContaining("kernel cast.to_type: out of memory")
          .hasMessageContaining("562949953421312 bytes");

      KernelCall noType = cast.call("to_type").tensor(vast).integer(-1);
      assertThatThrownBy(() -> noType.run(scope))
          .isInstanceOf(NativeException.class)
          .hasMessageContaining("kernel cast.to_type failed");
    }
  }

  /** As PyTorch spells them: c10/cuda, aten/cuda, aten/cudnn. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA out of memory. Tried to allocate 20.00 GiB. GPU 0 has a total capacity of 79.11 GiB",
        "The following operation failed in the TorchScript interpreter.\n"
            + "RuntimeError: CUDA out of memory. Tried to allocate 20.00 MiB.",
        "CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "std::bad_alloc"
      })
  void everyAllocatorIsUnderstood(String message) {
    assertThat(saying(message)).isInstanceOf(OutOfMemoryException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CUDA error: an illegal memory access was encountered",
        "CUDA error: device-side assert triggered",
        "mat1 and mat2 shapes cannot be multiplied (4x5 and 6x7)"
      })
  void otherFailuresAreNotMemory(String message) {
    assertThat(saying(message)).isInstanceOf(NativeException.class).hasMessageContaining(message);
  }

  /** As the JDK spells it; the heap's own shortage is nobody's to handle. */
  @Test
  void buffersOutsideTheHeapAreMemoryToo() {
    Error buffers =
        new OutOfMemoryError(
            "Cannot reserve 8388608 bytes of direct buffer memory (allocated: 8192, limit: 8192)");
    assertThatThrownBy(() -> NativeFailure.during("copying", () -> raise(buffers)))
        .isInstanceOf(OutOfMemoryException.class)
        .hasMessageContaining("copying: out of memory: Cannot reserve 8388608 bytes");
    Error heap = new OutOfMemoryError("Java heap space");
    assertThatThrownBy(() -> NativeFailure.during("copying", () -> raise(heap))).isSameAs(heap);
  }

  private static void raise(Error error) {
    throw error;
  }
}
