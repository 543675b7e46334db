package dev.fresco.benchmarks.serving;

import dev.fresco.benchmarks.mask.MaskRatios;
import dev.fresco.benchmarks.peer.DiffusersParts;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code ./fresco bench serving} is told. */
final class ServingOptions {
  private static final int MOST = 10_000;

  @Option(
      names = "--random",
      defaultValue = "sd21-half",
      paramLabel = "sd15|sd21|sd21-half",
      description = "Sizes of the UNet, whose weights are random (default: ${DEFAULT-VALUE}).")
  String random;

  @Option(
      names = "--model",
      paramLabel = "FOLDER",
      description = "A Stable Diffusion checkpoint instead, in the diffusers layout.")
  Optional<Path> model;

  @Option(
      names = "--size",
      defaultValue = "512",
      description = "Width and height in pixels (default: ${DEFAULT-VALUE}).")
  int size;

  @Option(
      names = "--steps",
      defaultValue = "20",
      description = "Of each edit (default: ${DEFAULT-VALUE}).")
  int steps;

  @Option(
      names = "--guidance",
      defaultValue = "5",
      description = "Of each edit (default: ${DEFAULT-VALUE}).")
  double guidance;

  @Option(
      names = "--masks",
      defaultValue = "production",
      paramLabel = "production|public|inpaint",
      description = "Whose mask ratios (default: ${DEFAULT-VALUE}).")
  String masks;

  @Option(
      names = "--templates",
      defaultValue = "2",
      description = "That are edited (default: ${DEFAULT-VALUE}).")
  int templates;

  @Option(
      names = "--requests",
      defaultValue = "30",
      description = "Edits that count, at each rate (default: ${DEFAULT-VALUE}).")
  int requests;

  @Option(
      names = "--warm-up",
      defaultValue = "10",
      description = "Edits before them (default: ${DEFAULT-VALUE}).")
  int warmUp;

  @Option(
      names = "--load",
      defaultValue = "1",
      description = {
        "Rate of arrivals, as a multiple of what diffusers paints one after the other",
        "(default: ${DEFAULT-VALUE})."
      })
  double load;

  @Option(
      names = "--rate",
      paramLabel = "PER_SECOND",
      description = "Rate of arrivals, instead of --load; then diffusers is left out.")
  Optional<Double> rate;

  @Option(
      names = "--ways",
      split = ",",
      defaultValue = "masked,dense,whole_batches",
      paramLabel = "WAY",
      description = "Of Fresco: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  List<FrescoServer.Way> ways;

  @Option(
      names = "--slots",
      defaultValue = "8",
      description = "Edits in a batch of Fresco (default: ${DEFAULT-VALUE}).")
  int slots;

  @Option(
      names = "--peer-batch",
      defaultValue = "1",
      description = "Edits in a batch of diffusers (default: ${DEFAULT-VALUE}).")
  int peerBatch;

  @Mixin DiffusersParts peer;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of arrivals, masks and prompts (default: ${DEFAULT-VALUE}).")
  long seed;

  /** Why it cannot be done, or null. */
  String refusal() {
    if (templates < 1 || requests < 1 || warmUp < 0 || requests + warmUp > MOST) {
      return "--templates is %d, --requests %d, --warm-up %d; from 1, 1 and 0 on, at most %d edits"
          .formatted(templates, requests, warmUp, MOST);
    }
    if (!(rate.orElse(load) > 0)) {
      return (rate.isPresent() ? "--rate is " : "--load is ") + rate.orElse(load) + "; over 0";
    }
    if (slots < 1 || peerBatch < 1) {
      return "--slots is %d and --peer-batch %d; from 1 on".formatted(slots, peerBatch);
    }
    return null;
  }

  EditWorkload workload() {
    MaskRatios ratios = MaskRatios.named(masks);
    return new EditWorkload(size, steps, guidance, templates, ratios, seed);
  }
}
