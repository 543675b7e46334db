package dev.fresco.benchmarks.engine;

/**
 * What only the engine knows of its steps.
 *
 * @param kernelNanoseconds spent inside kernels
 * @param kernelCalls of them
 * @param javaBytes of objects that the stepping thread made
 */
record EngineShare(long kernelNanoseconds, long kernelCalls, long javaBytes) {
  EngineShare plus(EngineShare other) {
    return new EngineShare(
        kernelNanoseconds + other.kernelNanoseconds,
        kernelCalls + other.kernelCalls,
        javaBytes + other.javaBytes);
  }
}
