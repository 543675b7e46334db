package dev.fresco.engine;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The limit of this process's memory, as {@code ulimit -v} sets it; what is above it fails. */
public final class AddressSpace {
  private static final int RLIMIT_AS = 9;
  private static final long UNLIMITED = -1;

  private AddressSpace() {}

  /** From now on the process may grow by so many bytes. */
  public static void limitGrowthTo(long bytes) {
    set(bytesOf("VmSize:") + bytes);
  }

  public static void unlimit() {
    set(UNLIMITED);
  }

  /** Bytes that are really in use. */
  public static long resident() {
    return bytesOf("VmRSS:");
  }

  private static void set(long soft) {
    Function setrlimit = NativeLibrary.getInstance("c").getFunction("setrlimit");
    int result = setrlimit.invokeInt(new Object[] {RLIMIT_AS, new long[] {soft, UNLIMITED}});
    if (result != 0) {
      throw new IllegalStateException("setrlimit(RLIMIT_AS, " + soft + ") gave " + result);
    }
  }

  private static long bytesOf(String key) {
    try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
      String line = status.filter(each -> each.startsWith(key)).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
