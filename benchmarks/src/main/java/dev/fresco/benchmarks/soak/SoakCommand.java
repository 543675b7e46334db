package dev.fresco.benchmarks.soak;

import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./fresco bench soak}. */
@Command(
    name = "soak",
    description = {
      "Serves many mixed requests and watches native memory: sizes, steps, samplers, guidance,",
      "adapters, ControlNets and pictures to start from by chance, joins between steps, cancels,",
      "failures, decoding and previews."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:native memory ended within the limit of what it was early, and no tensor is left over",
      "1:it grew by more, or tensors are left over",
      "2:the model cannot be loaded, or an option is wrong"
    },
    mixinStandardHelpOptions = true)
public final class SoakCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "FOLDER",
      description = {
        "Model, with lora/MODEL-*.safetensors and MODEL-controlnet beside it if there are any;",
        "a tiny one with random weights if left out."
      })
  private Optional<Path> model;

  @Option(
      names = "--tiny",
      paramLabel = "NAME",
      defaultValue = "sd15-tiny",
      description =
          "Which of the tiny models: sd15-tiny, sd21-tiny, sdxl-tiny (default: ${DEFAULT-VALUE}).")
  private String tiny;

  @Option(
      names = "--fixtures",
      paramLabel = "FOLDER",
      defaultValue = "${env:FRESCO_HOME:-.}/engine/fixtures",
      description = "Where the tiny models are; the repository's own if left out.")
  private Path fixtures;

  @Option(
      names = "--requests",
      defaultValue = "10000",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int requests;

  @Option(
      names = "--every",
      defaultValue = "500",
      description = {
        "Requests between two readings; the first of them is what the last is held against",
        "(default: ${DEFAULT-VALUE})."
      })
  private int every;

  @Option(
      names = "--limit",
      defaultValue = "2",
      paramLabel = "PERCENT",
      description = "Growth of native memory that is allowed (default: ${DEFAULT-VALUE}).")
  private double limit;

  @Option(
      names = "--batch",
      defaultValue = "4",
      description = "Members of the batch at most (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--size",
      defaultValue = "96",
      description = "Largest width and height in pixels (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--steps",
      defaultValue = "8",
      description = "Most steps of a request (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of everything that is by chance (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--dtype",
      paramLabel = "fp32|bf16|auto",
      defaultValue = "fp32",
      description = "Compute type (default: ${DEFAULT-VALUE}).")
  private String computeType;

  @Option(
      names = "--device",
      paramLabel = "cpu|cuda:N",
      defaultValue = "cpu",
      description = "Where it runs (default: ${DEFAULT-VALUE}).")
  private String device;

  @Override
  public Integer call() throws IOException {
    requireSane();
    if (model.isPresent()) {
      return soak(model.get());
    }
    require(
        Files.isDirectory(fixtures.resolve(tiny)), "--tiny is " + tiny + "; none in " + fixtures);
    try (TinyModel copy = TinyModel.copy(fixtures, tiny)) {
      return soak(copy.folder());
    }
  }

  private int soak(Path folder) {
    SoakReport report = new SoakReport(spec.commandLine().getOut());
    try (DiffusionModel loaded =
        LocalModel.load(folder.normalize(), new ModelSettings(device, computeType, steps, size))) {
      int multiple = loaded.card().sizeMultiple();
      require(size >= multiple, "--size is " + size + "; from " + multiple + " on");
      SoakVerdict verdict = soak(loaded, folder.toAbsolutePath().normalize(), report);
      report.end(every, verdict);
      return verdict.leaks().isEmpty() ? 0 : 1;
    }
  }

  private void requireSane() {
    require(MemoryReading.possible(), "memory can be read on Linux with glibc 2.33 or newer only");
    require(every >= 1, "--every is " + every + "; from 1 on");
    require(
        requests >= 2 * every,
        "--requests is %d; at least twice --every, which is %d".formatted(requests, every));
    require(
        batch >= 1 && batch <= every,
        "--batch is " + batch + "; from 1 to --every, which is " + every);
    require(steps >= 1 && steps <= 1000, "--steps is " + steps + "; from 1 to 1000");
    require(limit >= 0, "--limit is " + limit + "; from 0 on");
  }

  private void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private SoakVerdict soak(DiffusionModel loaded, Path folder, SoakReport report) {
    MemoryReading early = null;
    MemoryReading end = null;
    try (SoakAssets assets = SoakAssets.beside(folder, loaded);
        SoakLoop loop = loop(loaded, assets)) {
      report.begin(
          "%s, %s on %s, seed %d".formatted(folder.getFileName(), computeType, device, seed),
          assets);
      loop.serveHeaviest();
      for (int next = every; loop.tally().ended() < requests; next += every) {
        loop.serve(Math.min(next, requests) - loop.tally().ended());
        end = MemoryReading.now();
        early = early == null ? end : early;
        report.reading(loop.tally(), end);
      }
    }
    return new SoakVerdict(early, end, limit / 100);
  }

  private SoakLoop loop(DiffusionModel loaded, SoakAssets assets) {
    Random random = new Random(seed);
    SoakMix.Range range = new SoakMix.Range(size, steps, assets.adapters(), assets.controlNets());
    SoakMix mix = new SoakMix(loaded.card(), range, new Random(random.nextLong()));
    return new SoakLoop(loaded, assets, batch, mix, new Random(random.nextLong()));
  }
}
