package dev.fresco.benchmarks.peer;

import dev.fresco.engine.HostTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * diffusers in a process of its own: its UNet, guidance and Euler scheduler on a checkpoint's
 * weights. Not thread-safe.
 */
public final class DiffusersPeer implements AutoCloseable {
  /** What {@code ./fresco} sets for PyTorch's memory and threads. */
  private static final List<String> SETTINGS =
      List.of(
          "THP_MEM_ALLOC_ENABLE",
          "GLIBC_TUNABLES",
          "MALLOC_ARENA_MAX",
          "MALLOC_MMAP_THRESHOLD_",
          "MALLOC_TRIM_THRESHOLD_",
          "GOMP_SPINCOUNT");

  private final PeerProcess process;
  private final Loaded loaded;

  private DiffusersPeer(PeerProcess process, Loaded loaded) {
    this.process = process;
    this.loaded = loaded;
  }

  /**
   * How to start it.
   *
   * @param python an interpreter that has diffusers
   * @param script {@code peer.py}
   * @param log that takes what it prints
   * @param inherit whether it runs with this process's settings of memory and threads
   * @param threads that share its work
   */
  public record Launch(Path python, Path script, Path log, boolean inherit, int threads) {}

  /** What it said of itself: how long the UNet took to load, and its libraries' versions. */
  public record Loaded(double seconds, String torch, String diffusers) {}

  /**
   * Starts it and loads a UNet.
   *
   * @param model a folder in the diffusers layout
   * @throws PeerException if it fails; nothing keeps running
   */
  public static DiffusersPeer start(Launch launch, Path model, PeerVariant variant) {
    PeerProcess process =
        PeerProcess.start(
            List.of(launch.python().toString(), launch.script().toString()),
            launch.inherit() ? List.of() : SETTINGS,
            launch.log());
    try {
      PeerReply reply =
          process.ask(
              "load",
              Map.of(
                  "unet", model.resolve("unet").toString(),
                  "scheduler", model.resolve("scheduler").toString(),
                  "dtype", variant.dtype(),
                  "threads", launch.threads(),
                  "compile", variant.compiled()));
      return new DiffusersPeer(
          process,
          new Loaded(reply.decimal("seconds"), reply.text("torch"), reply.text("diffusers")));
    } catch (PeerException e) {
      process.close();
      throw e;
    }
  }

  public Loaded loaded() {
    return loaded;
  }

  public long processId() {
    return process.id();
  }

  /** Puts pictures in the place of those before. */
  public void begin(PeerPictures pictures) {
    process.ask("begin", pictures.arguments());
  }

  /**
   * Takes steps.
   *
   * @return nanoseconds of each, as measured there
   */
  public long[] steps(int count) {
    return process.ask("steps", Map.of("count", count)).wholeNumbers("nanoseconds");
  }

  /** {@code [channels, height, width]}. */
  public HostTensor latents(int picture) {
    return process.ask("latents", Map.of("picture", picture)).tensor("latents");
  }

  @Override
  public void close() {
    process.close();
  }
}
