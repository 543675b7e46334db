package dev.fresco.benchmarks.soak;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Structure;

/** What the C library says of its heap; glibc from 2.33 on. */
final class Allocator {
  private static final LibC LIBRARY = Native.load("c", LibC.class);

  private Allocator() {}

  /** Whether the C library is one that tells. */
  static boolean tells() {
    try {
      return bytesInUse() > 0;
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
  }

  /** The C library's functions. */
  public interface LibC extends Library {
    Counts mallinfo2();
  }

  /** {@code struct mallinfo2}; the names are the C library's. */
  @Structure.FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  public static final class Counts extends Structure implements Structure.ByValue {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;

    /** Bytes in blocks that are mapped each for itself. */
    public long hblkhd;

    public long usmblks;
    public long fsmblks;

    /** Bytes in use in all arenas. */
    public long uordblks;

    public long fordblks;
    public long keepcost;
  }

  /** Bytes that are allocated and not freed, the same whatever the heap keeps for later. */
  static long bytesInUse() {
    Counts counts = LIBRARY.mallinfo2();
    return counts.uordblks + counts.hblkhd;
  }
}
