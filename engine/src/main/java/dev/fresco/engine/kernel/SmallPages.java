package dev.fresco.engine.kernel;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.util.function.Supplier;

/**
 * Lets this process take fresh memory in small pages for a while.
 *
 * <p>Activations gain a little by large pages. Weights do not, and there are gigabytes of them that
 * are all taken at once, when a model is loaded: in a virtual machine that returns free large pages
 * to its host, to get them back takes several times as long as to fill them.
 */
public final class SmallPages {
  private static final int SET_THP_DISABLE = 41;
  private static final Function PRCTL =
      Platform.isLinux() ? NativeLibrary.getInstance("c").getFunction("prctl") : null;

  private static int users;

  private SmallPages() {}

  /** Does something in the meantime. Where the system knows no such pages, nothing else. */
  public static <T> T during(Supplier<T> work) {
    change(1);
    try {
      return work.get();
    } finally {
      change(-1);
    }
  }

  private static synchronized void change(int by) {
    boolean before = users > 0;
    users += by;
    if (PRCTL != null && before != users > 0) {
      PRCTL.invokeInt(new Object[] {SET_THP_DISABLE, users > 0 ? 1L : 0L, 0L, 0L, 0L});
    }
  }
}
