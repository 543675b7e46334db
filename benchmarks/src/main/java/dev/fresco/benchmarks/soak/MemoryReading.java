package dev.fresco.benchmarks.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What this process holds at one moment.
 *
 * @param inUseKib that native code has allocated and not freed, as the C library counts it
 * @param allocatedKib resident memory that is no file's
 * @param mappedKib resident pages of files: libraries, weights; the system takes them back when it
 *     wants to
 * @param heapKib of the allocated, the Java heap; 0 if its size changes, for then nothing tells how
 *     much of it is resident
 * @param tensors live Java handles of native tensors; each keeps its memory
 * @param values live Java handles of what kernels take and give
 */
record MemoryReading(
    long inUseKib, long allocatedKib, long mappedKib, long heapKib, long tensors, long values) {
  private static final int MOST_COLLECTIONS = 10;
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String TENSOR = "ai.djl.pytorch.engine.PtNDArray";
  private static final String VALUE = "ai.djl.pytorch.jni.IValue";

  /** Whether this system tells. */
  static boolean possible() {
    return Files.isReadable(STATUS) && Allocator.tells();
  }

  /** Whether the Java heap has its size from the start, so that what grows is native. */
  static boolean heapIsFixed() {
    return heap().getInit() == heap().getMax();
  }

  private static MemoryUsage heap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
  }

  /**
   * Collects the Java garbage first, until native memory that only garbage held is freed; that
   * happens in the background, during the next collection.
   */
  static MemoryReading now() {
    List<String> histogram = histogram();
    long inUse = Allocator.bytesInUse();
    for (long before = Long.MAX_VALUE, i = 0; inUse < before && i < MOST_COLLECTIONS; i++) {
      before = inUse;
      histogram = histogram();
      inUse = Allocator.bytesInUse();
    }
    List<String> status = status();
    return new MemoryReading(
        inUse / 1024,
        kibibytes(status, "RssAnon:"),
        kibibytes(status, "RssFile:"),
        heapIsFixed() ? heap().getCommitted() / 1024 : 0,
        instances(histogram, TENSOR),
        instances(histogram, VALUE));
  }

  /** What is resident, without a Java heap of fixed size. */
  long residentKib() {
    return allocatedKib - heapKib;
  }

  private static List<String> status() {
    try {
      return Files.readAllLines(STATUS);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + STATUS, e);
    }
  }

  private static long kibibytes(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(STATUS + " has no " + name));
  }

  /** The JVM's class histogram, which counts live objects after a full collection. */
  private static List<String> histogram() {
    try {
      Object text =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {null},
                  new String[] {String[].class.getName()});
      return text.toString().lines().toList();
    } catch (JMException e) {
      throw new IllegalStateException("the JVM gives no class histogram", e);
    }
  }

  /** A line is {@code 12: 345 6789 class.Name (module)}: number, instances, bytes, class. */
  private static long instances(List<String> histogram, String name) {
    return histogram.stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(columns -> columns.length > 3 && columns[3].equals(name))
        .mapToLong(columns -> Long.parseLong(columns[1]))
        .sum();
  }
}
