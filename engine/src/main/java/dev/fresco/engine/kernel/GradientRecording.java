package dev.fresco.engine.kernel;

import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * Whether the calling thread's kernels record what gradients are computed from. Else PyTorch runs
 * them in inference mode, whose results cannot take part in a computation of gradients at all; so
 * weights that are loaded for training are loaded while recording, too.
 */
public final class GradientRecording {
  private static final ThreadLocal<Boolean> ON = ThreadLocal.withInitial(() -> false);

  private GradientRecording() {}

  /** Does work with recording on. What it records is freed with the results that need it. */
  public static <T> T during(Supplier<T> work) {
    InferenceThread.prepare();
    boolean before = ON.get();
    ON.set(true);
    JniUtils.setGradMode(true);
    try {
      return work.get();
    } finally {
      ON.set(before);
      JniUtils.setGradMode(before);
    }
  }

  static boolean isOn() {
    return ON.get();
  }
}
