package dev.fresco.engine.kernel;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.NativeException;
import dev.fresco.engine.OutOfMemoryException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What PyTorch says when it fails, as exceptions of this engine. DJL hands over a text and no kind,
 * so the text tells whether memory was short.
 */
public final class NativeFailure {
  /**
   * Parts of such texts: of PyTorch's allocators for processors and GPUs, of CUDA, of its libraries
   * for products and convolutions, and of the C++ runtime.
   */
  private static final List<String> OUT_OF_MEMORY =
      List.of(
          "can't allocate memory: you tried to allocate",
          "CUDA out of memory",
          "CUDA error: out of memory",
          "CUBLAS_STATUS_ALLOC_FAILED",
          "CUDNN_STATUS_ALLOC_FAILED",
          "OutOfMemoryError",
          "std::bad_alloc");

  private NativeFailure() {}

  /**
   * Does work that calls DJL.
   *
   * @param what it is, for messages
   * @throws OutOfMemoryException if memory is short, in PyTorch or for buffers outside the heap
   * @throws NativeException if PyTorch fails otherwise
   */
  public static <T> T during(String what, Supplier<T> work) {
    try {
      return work.get();
    } catch (ai.djl.engine.EngineException failure) {
      throw of(what, failure);
    } catch (OutOfMemoryError failure) {
      throw outOfBuffers(what, failure).orElseThrow(() -> failure);
    }
  }

  /** Like {@link #during(String, Supplier)}. */
  public static void during(String what, Runnable work) {
    during(
        what,
        () -> {
          work.run();
          return null;
        });
  }

  static EngineException of(String what, ai.djl.engine.EngineException failure) {
    String message = String.valueOf(failure.getMessage());
    return message
        .lines()
        .filter(line -> OUT_OF_MEMORY.stream().anyMatch(line::contains))
        .findFirst()
        .<EngineException>map(
            line -> new OutOfMemoryException(what + ": out of memory: " + line.strip(), failure))
        .orElseGet(() -> new NativeException(what + " failed: " + message, failure));
  }

  /** A full heap is another matter: it may strike any thread, so nobody goes on. */
  private static Optional<OutOfMemoryException> outOfBuffers(String what, OutOfMemoryError error) {
    return Optional.ofNullable(error.getMessage())
        .filter(message -> message.contains("direct buffer memory"))
        .map(message -> new OutOfMemoryException(what + ": out of memory: " + message, error));
  }
}
