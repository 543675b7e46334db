package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.peer.PeerPictures;
import dev.fresco.benchmarks.rates.MachineRates;
import dev.fresco.benchmarks.rates.StepOperations;
import dev.fresco.benchmarks.rates.StepOperations.Pass;
import dev.fresco.engine.Conditioning;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.checkpoint.UNetConfig;
import dev.fresco.engine.kernel.ComputeType;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A loaded model and what it is measured at.
 *
 * @param folder that it was loaded from
 * @param format of its products
 */
record Subject(Path folder, LocalModel model, ComputeType format, Workload workload) {
  FrescoContestant fresco() {
    return new FrescoContestant(model, format, workload);
  }

  /** The workload's prompt, as the peer takes it. */
  PeerPictures.Prompt prompt() {
    Conditioning conditioning = model.encode(Prompt.of(Workload.PROMPT, ""));
    return new PeerPictures.Prompt(
        conditioning.positive().states(),
        conditioning.negative().states(),
        conditioning.positive().pooled() == null
            ? Optional.empty()
            : Optional.of(
                new PeerPictures.Pooled(
                    conditioning.positive().pooled(), conditioning.negative().pooled())));
  }

  PeerPictures.Size latents() {
    try (FrescoContestant fresco = fresco()) {
      fresco.begin(1);
      long[] shape = fresco.latents(0).shape();
      return new PeerPictures.Size((int) shape[1], (int) shape[2]);
    }
  }

  /** Measures the machine on the products of a step of so many pictures. */
  MachineRates rates(int pictures) {
    UNetConfig config =
        UNetConfig.read(
            new ComponentFolder(folder.resolve("unet")).configOf(UNetConfig.CLASS_NAME));
    PeerPictures.Size size = latents();
    int words = (int) prompt().positive().shape()[0];
    return MachineRates.measure(
        StepOperations.of(config, new Pass(2 * pictures, size.height(), size.width(), words)),
        MachineRates.formats());
  }
}
