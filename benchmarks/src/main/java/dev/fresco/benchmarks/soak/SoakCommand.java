package dev.fresco.benchmarks.soak;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
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
      "failures, decoding and previews. Adapters and ControlNets are those beside the model:",
      "lora/MODEL-*.safetensors and MODEL-controlnet."
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
      defaultValue = "${env:FRESCO_HOME:-.}/engine/fixtures/sd15-tiny",
      description = "Model; a tiny one with random weights if left out.")
  private Path model;

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
      defaultValue = "48",
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
  public Integer call() {
    requireSane();
    PrintWriter out = spec.commandLine().getOut();
    try (DiffusionModel loaded =
        LocalModel.load(model.normalize(), new ModelSettings(device, computeType, steps, size))) {
      requireSize(loaded.card().sizeMultiple());
      out.printf(
          "%s, %s on %s, %d requests of seed %d, ",
          model.normalize(), computeType, device, requests, seed);
      if (!MemoryReading.heapIsFixed()) {
        out.println(
            "The Java heap changes its size, which blurs the readings; FRESCO_JAVA_OPTIONS with\n"
                + "-Xms as -Xmx and -XX:+AlwaysPreTouch makes them sharp.\n");
      }
      SoakVerdict verdict = soak(loaded, out);
      out.printf(
          Locale.ROOT,
          "%nnative memory %s MiB after %d requests, %s MiB at the end: %+.2f %%%n",
          mebibytes(verdict.early().nativeKib()),
          every,
          mebibytes(verdict.end().nativeKib()),
          100 * verdict.growth());
      verdict.leaks().forEach(out::println);
      out.flush();
      return verdict.leaks().isEmpty() ? 0 : 1;
    }
  }

  private void requireSane() {
    require(MemoryReading.possible(), "this system has no /proc/self/status to read memory from");
    require(every >= 1, "--every is " + every + "; from 1 on");
    require(
        requests >= 2 * every,
        "--requests is %d; at least twice --every, which is %d".formatted(requests, every));
    require(batch >= 1, "--batch is " + batch + "; from 1 on");
    require(steps >= 1 && steps <= 1000, "--steps is " + steps + "; from 1 to 1000");
    require(limit >= 0, "--limit is " + limit + "; from 0 on");
  }

  private void requireSize(int multiple) {
    require(size >= multiple, "--size is " + size + "; from " + multiple + " on");
  }

  private void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  private SoakVerdict soak(DiffusionModel loaded, PrintWriter out) {
    Random random = new Random(seed);
    MemoryReading early = null;
    MemoryReading end = null;
    try (SoakAssets assets = SoakAssets.beside(model.toAbsolutePath().normalize(), loaded);
        SoakLoop loop =
            new SoakLoop(
                loaded,
                assets,
                batch,
                mix(loaded.card(), assets, new Random(random.nextLong())),
                new Random(random.nextLong()))) {
      out.printf("%d adapters, %d ControlNets%n%n", assets.adapters(), assets.controlNets());
      out.println(HEADER);
      while (loop.tally().ended() < requests) {
        loop.serve(Math.min(every, requests - loop.tally().ended()));
        end = MemoryReading.now();
        early = early == null ? end : early;
        out.println(line(loop.tally(), end));
        out.flush();
      }
    }
    return new SoakVerdict(early, end, limit / 100);
  }

  private SoakMix mix(ModelCard card, SoakAssets assets, Random random) {
    return new SoakMix(
        card, new SoakMix.Range(size, steps, assets.adapters(), assets.controlNets()), random);
  }

  private static final String HEADER =
      String.format(
          "%9s %9s %9s %9s %9s %9s %13s %11s %9s %9s",
          "requests",
          "finished",
          "cancelled",
          "failed",
          "refused",
          "steps",
          "native memory",
          "Java heap",
          "tensors",
          "values");

  private static String line(SoakTally tally, MemoryReading memory) {
    return String.format(
        Locale.ROOT,
        "%9d %9d %9d %9d %9d %9d %9s MiB %7s MiB %9d %9d",
        tally.ended(),
        tally.finished(),
        tally.cancelled(),
        tally.failed(),
        tally.refused(),
        tally.steps(),
        mebibytes(memory.nativeKib()),
        mebibytes(memory.heapKib()),
        memory.tensors(),
        memory.values());
  }

  private static String mebibytes(long kib) {
    return String.format(Locale.ROOT, "%.1f", kib / 1024.0);
  }
}
