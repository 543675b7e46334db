package dev.fresco.engine.kernel;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The number format of a network's products. Norms, softmax and residual connections are fp32 in
 * any case; fp16 is a file format here, never one of these.
 */
public enum ComputeType {
  FP32(6),
  BF16(15);

  private static final Path PROCESSOR_INFO = Path.of("/proc/cpuinfo");
  private static final Set<String> BF16_FLAGS = Set.of("avx512_bf16", "amx_bf16");

  private final int torchType;

  ComputeType(int torchType) {
    this.torchType = torchType;
  }

  /** The number by which TorchScript names the type. */
  public int torchType() {
    return torchType;
  }

  /**
   * Reads a setting.
   *
   * @param setting {@code fp32}, {@code bf16}, or {@code auto}: bf16 on a GPU and on processors
   *     that multiply it in hardware, else fp32
   * @throws EngineException if it is none of these
   */
  public static ComputeType parse(String setting, boolean onGpu) {
    return switch (setting.toLowerCase(Locale.ROOT)) {
      case "fp32" -> FP32;
      case "bf16" -> BF16;
      case "auto" -> onGpu || multipliesBf16(processorInfo()) ? BF16 : FP32;
      default ->
          throw new EngineException("compute type '" + setting + "' is none of auto, fp32, bf16");
    };
  }

  /** Whether this processor's library has a packed layout for matrices of this type. */
  public boolean isPackedHere() {
    return List.of("amd64", "x86_64").contains(System.getProperty("os.arch"))
        && (this == FP32 || multipliesBf16(processorInfo()));
  }

  /** Whether a processor described as in Linux's {@code /proc/cpuinfo} has bf16 arithmetic. */
  static boolean multipliesBf16(List<String> processorInfo) {
    return processorInfo.stream()
        .filter(line -> line.startsWith("flags"))
        .flatMap(line -> Arrays.stream(line.split("\\s+")))
        .anyMatch(BF16_FLAGS::contains);
  }

  private static List<String> processorInfo() {
    try {
      return Files.exists(PROCESSOR_INFO) ? Files.readAllLines(PROCESSOR_INFO) : List.of();
    } catch (IOException e) {
      throw new EngineException("cannot read " + PROCESSOR_INFO, e);
    }
  }
}
