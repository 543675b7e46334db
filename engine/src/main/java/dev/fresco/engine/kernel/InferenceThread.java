package dev.fresco.engine.kernel;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/**
 * PyTorch keeps two switches per thread, and both start in the wrong place for inference: gradients
 * are recorded, and the graph executor profiles and recompiles each kernel for its first inputs.
 */
public final class InferenceThread {
  private static final ThreadLocal<Boolean> PREPARED = ThreadLocal.withInitial(() -> false);

  private InferenceThread() {}

  /** Sets the calling thread's switches; every kernel call does so by itself. */
  public static void prepare() {
    if (!PREPARED.get()) {
      Engine.getEngine("PyTorch"); // loads the natives
      JniUtils.setGradMode(false);
      JniUtils.setGraphExecutorOptimize(false);
      PREPARED.set(true);
    }
  }
}
