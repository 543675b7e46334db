package dev.fresco.engine;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.lang.reflect.Field;
import java.util.Map;

/** Counts the tensors that a manager and all managers within it hold. */
public final class NativeTensors {
  private static final Field RESOURCES = resources();

  private NativeTensors() {}

  public static int heldBy(NDManager manager) {
    try {
      int count = 0;
      for (Object resource : ((Map<?, ?>) RESOURCES.get(manager)).values()) {
        if (resource instanceof NDArray) {
          count++;
        } else if (resource instanceof NDManager inner) {
          count += heldBy(inner);
        }
      }
      return count;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Field resources() {
    try {
      Field field = BaseNDManager.class.getDeclaredField("resources");
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
