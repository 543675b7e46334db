package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.table.TextTable;
import dev.fresco.benchmarks.table.TextTable.Column;
import dev.fresco.engine.batch.ModelSettings;
import dev.fresco.engine.batch.StableDiffusionModel;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./fresco bench engine}. */
@Command(
    name = "engine",
    description = "Measures denoising steps of guided pictures.",
    mixinStandardHelpOptions = true)
public final class EngineCommand implements Callable<Integer> {
  private static final int MOST_STEPS = 900;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "FOLDER",
      defaultValue = "${env:FRESCO_HOME:-.}/models/emoji",
      description = "Model; the demo's if left out.")
  private Path model;

  @Option(
      names = "--batch",
      split = ",",
      defaultValue = "1,4,8",
      paramLabel = "N",
      description = "Pictures in a batch (default: ${DEFAULT-VALUE}).")
  private List<Integer> batches;

  @Option(
      names = "--size",
      defaultValue = "128",
      description = "Width and height in pixels (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--steps",
      defaultValue = "30",
      description = "Steps to measure (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--warm-up",
      defaultValue = "10",
      description = "Steps before them (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--decoders",
      defaultValue = "0",
      paramLabel = "N",
      description = "Threads that decode pictures meanwhile (default: ${DEFAULT-VALUE}).")
  private int decoders;

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

  @Option(
      names = "--random",
      paramLabel = "sd15",
      description = {
        "Give the UNet the sizes of Stable Diffusion 1.5 and random weights;",
        "writes 1.7 GB to the temporary folder, and deletes them."
      })
  private Optional<String> random;

  @Override
  public Integer call() throws IOException {
    requireSane();
    Path folder = model.normalize();
    if (random.isEmpty()) {
      measure(folder, folder.toString());
      return 0;
    }
    try (RandomModel made = RandomModel.write(architecture(random.get()), folder)) {
      measure(made.folder(), "random weights in the sizes of " + random.get());
      return 0;
    }
  }

  private Architecture architecture(String name) {
    return Architecture.named(name)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "--random is " + name + "; it must be sd15"));
  }

  private void measure(Path folder, String name) {
    PrintWriter out = spec.commandLine().getOut();
    try (StableDiffusionModel loaded = load(folder)) {
      describe(out, name);
      table(new StepBenchmark(loaded, size, warmUp, steps, decoders)).lines().forEach(out::println);
      out.flush();
    }
  }

  private void requireSane() {
    if (batches.stream().anyMatch(batch -> batch < 1)) {
      throw new ParameterException(spec.commandLine(), "--batch is " + batches + "; from 1 on");
    }
    if (decoders < 0) {
      throw new ParameterException(spec.commandLine(), "--decoders is " + decoders + "; from 0 on");
    }
    if (steps < 1 || warmUp < 0 || steps + warmUp > MOST_STEPS) {
      throw new ParameterException(
          spec.commandLine(),
          "--steps is %d and --warm-up %d; from 1 and 0 on, together at most %d"
              .formatted(steps, warmUp, MOST_STEPS));
    }
  }

  private StableDiffusionModel load(Path folder) {
    StableDiffusionModel loaded =
        StableDiffusionModel.load(folder, new ModelSettings(device, computeType, MOST_STEPS, size));
    int multiple = loaded.card().sizeMultiple();
    if (size < multiple || size % multiple != 0) {
      loaded.close();
      throw new ParameterException(
          spec.commandLine(), "--size is " + size + "; a multiple of " + multiple);
    }
    return loaded;
  }

  private void describe(PrintWriter out, String name) {
    ComputeType type = ComputeType.parse(computeType, !device.equals("cpu"));
    out.println("processor  " + Machine.processor());
    out.println("PyTorch    " + KernelLibrary.threads() + " threads" + openMp());
    out.printf("model      %s, %s on %s, %d x %d pixels%n", name, type, device, size, size);
    out.printf(
        "steps      %d after %d to warm up, %d threads decode meanwhile%n%n",
        steps, warmUp, decoders);
  }

  private static String openMp() {
    StringBuilder settings = new StringBuilder();
    System.getenv().entrySet().stream()
        .filter(entry -> entry.getKey().matches("(OMP|GOMP)_.*"))
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> settings.append(", ").append(entry));
    return settings.toString();
  }

  private TextTable table(StepBenchmark benchmark) {
    TextTable table =
        new TextTable(
            Column.right("batch"),
            Column.right("step, median"),
            Column.right("least"),
            Column.right("most"),
            Column.right("per picture"),
            Column.right("of one by one"),
            Column.right("outside kernels"),
            Column.right("kernel calls"),
            Column.right("peak memory"));
    benchmark.warmJava();
    Optional<StepTimes> alone = Optional.empty();
    for (int batch : batches) {
      StepTimes times = benchmark.measure(batch);
      alone = alone.or(() -> Optional.of(times).filter(first -> first.batch() == 1));
      table.add(
          Integer.toString(batch),
          milliseconds(times.medianMilliseconds()),
          milliseconds(times.leastMilliseconds()),
          milliseconds(times.mostMilliseconds()),
          milliseconds(times.medianMilliseconds() / batch),
          alone.map(one -> number("%.2f", times.against(one))).orElse(""),
          decoders > 0 ? "" : number("%.1f %%", 100 * times.outsideKernels()),
          decoders > 0 ? "" : number("%.0f", times.kernelCallsPerStep()),
          Machine.peakMemory().map(peak -> peak + " MiB").orElse(""));
    }
    return table;
  }

  private static String milliseconds(double value) {
    return number("%.1f ms", value);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
