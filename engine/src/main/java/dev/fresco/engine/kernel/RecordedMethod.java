package dev.fresco.engine.kernel;

import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * Calls a module's method outside inference mode. DJL's native call has a switch for that, which
 * its public ways offer only to methods that take nothing but tensors; so this goes by its private
 * one.
 */
final class RecordedMethod {
  private static final Object LIBRARY;
  private static final Method RUN;
  private static final Constructor<IValue> RESULT;

  static {
    try {
      Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
      Field instance = library.getDeclaredField("LIB");
      instance.setAccessible(true);
      LIBRARY = instance.get(null);
      RUN =
          library.getDeclaredMethod(
              "moduleRunMethod",
              long.class,
              String.class,
              long[].class,
              boolean.class,
              boolean.class);
      RUN.setAccessible(true);
      RESULT = IValue.class.getDeclaredConstructor(long.class);
      RESULT.setAccessible(true);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private RecordedMethod() {}

  static IValue run(PtSymbolBlock module, String method, IValue... arguments) {
    long[] handles = Arrays.stream(arguments).mapToLong(IValue::getHandle).toArray();
    boolean training = true;
    boolean ownStream = false;
    try {
      return RESULT.newInstance(
          RUN.invoke(LIBRARY, module.getHandle(), method, handles, training, ownStream));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
