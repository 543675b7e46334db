package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.peer.DiffusersParts;
import dev.fresco.benchmarks.peer.DiffusersPeer;
import dev.fresco.benchmarks.peer.PeerVariant;
import dev.fresco.benchmarks.rates.MachineRates;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whom to measure beside Fresco, and how that one runs. */
final class PeerOptions {
  /** The peer that there is. */
  static final String DIFFUSERS = "diffusers";

  @Option(
      names = "--peer",
      paramLabel = "diffusers",
      description = {
        "Measure diffusers beside Fresco, in turns, on the same weights, noise and prompt,",
        "in each number format that the processor multiplies, and the machine's own rates.",
        "Its Python environment is made under .fresco/peers at first use (several GB)."
      })
  Optional<String> name;

  @Mixin private DiffusersParts parts;

  @Option(
      names = "--peer-compile",
      description = "Also under torch.compile, in the last of its formats (takes minutes).")
  boolean compile;

  @Option(
      names = "--peer-plain",
      description = {
        "Start the peer without the settings of memory and threads that ./fresco makes for PyTorch;",
        "if left out, it gets them as well."
      })
  boolean plain;

  /** Whether there is such a peer, if one is asked for. */
  boolean known() {
    return name.isEmpty() || name.get().equals(DIFFUSERS);
  }

  /** Eager in each format, and perhaps compiled in the last. */
  List<PeerVariant> variants() {
    List<ComputeType> formats = MachineRates.formats();
    List<PeerVariant> variants = new ArrayList<>();
    formats.forEach(format -> variants.add(new PeerVariant(format, false)));
    if (compile) {
      variants.add(new PeerVariant(formats.get(formats.size() - 1), true));
    }
    return variants;
  }

  /**
   * Starts one on a model.
   *
   * @throws dev.fresco.benchmarks.peer.PeerException if it cannot be had
   */
  DiffusersPeer start(PeerVariant variant, Path model, PrintWriter progress) throws IOException {
    return DiffusersPeer.start(
        new DiffusersPeer.Launch(
            parts.interpreter(progress),
            parts.script("peer.py"),
            parts.log(variant.label().replaceAll("[ ,]+", "-")),
            !plain,
            KernelLibrary.threads()),
        model,
        variant);
  }
}
