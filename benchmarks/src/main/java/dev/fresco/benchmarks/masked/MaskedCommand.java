package dev.fresco.benchmarks.masked;

import dev.fresco.benchmarks.engine.Architecture;
import dev.fresco.benchmarks.engine.Machine;
import dev.fresco.benchmarks.engine.Profile;
import dev.fresco.benchmarks.engine.RandomModel;
import dev.fresco.benchmarks.engine.RandomTensors;
import dev.fresco.benchmarks.engine.RandomTensors.Stored;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import dev.fresco.engine.kernel.KernelLibrary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./fresco bench masked}. */
@Command(
    name = "masked",
    description = "Measures steps of edits that compute only what their mask reaches.",
    mixinStandardHelpOptions = true)
public final class MaskedCommand implements Callable<Integer> {
  private static final int MOST_STEPS = 900;

  /** Of the tiny model and autoencoder that random transformers are put into. */
  private static final RandomDit.Inputs TINY_INPUTS = new RandomDit.Inputs(4, 32, 32);

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "FOLDER",
      defaultValue = "${env:FRESCO_HOME:-.}/models/emoji",
      description = "Model; the demo's if left out.")
  private Path model;

  @Option(
      names = "--random",
      paramLabel = "dit|dit-tiny|sd15|sd21|sdxl-half",
      description =
          "A Flux transformer, or a UNet of the sizes of that model, with random weights instead.")
  private Optional<String> random;

  @Option(
      names = "--fixtures",
      paramLabel = "FOLDER",
      defaultValue = "${env:FRESCO_HOME:-.}/engine/fixtures",
      description =
          "Where the rest of a random transformer's model is (default: ${DEFAULT-VALUE}).")
  private Path fixtures;

  @Option(
      names = "--masks",
      split = ",",
      defaultValue = "0.11,0.2,0.35,1",
      paramLabel = "SHARE",
      description = "Shares of the picture that are painted (default: ${DEFAULT-VALUE}).")
  private List<Double> masks;

  @Option(
      names = "--margin",
      defaultValue = "0",
      description =
          "Places of the latents around each mask that are computed too (default: ${DEFAULT-VALUE}).")
  private int margin;

  @Option(
      names = "--size",
      defaultValue = "512",
      description = "Width and height in pixels (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--steps",
      defaultValue = "8",
      description = "Steps to measure (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Option(
      names = "--warm-up",
      defaultValue = "2",
      description = "Steps before them (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--dtype",
      paramLabel = "fp32|bf16|auto",
      defaultValue = "auto",
      description = "Compute type (default: ${DEFAULT-VALUE}).")
  private String computeType;

  @Option(
      names = "--device",
      paramLabel = "cpu|cuda:N",
      defaultValue = "cpu",
      description = "Where it runs (default: ${DEFAULT-VALUE}).")
  private String device;

  @Option(
      names = "--loading",
      description =
          "Compare ways to load the recording, for the first mask, from storage of --bandwidth.")
  private boolean loading;

  @Option(
      names = "--bandwidth",
      paramLabel = "MIB_PER_SECOND",
      defaultValue = "0",
      description =
          "Of the storage; 0 for as much as makes loading a step as long as computing it, and then a"
              + " third of that (default: ${DEFAULT-VALUE}).")
  private double bandwidth;

  @Option(names = "--profile", description = "Tell the time by kernel, over all edits.")
  private boolean profile;

  @Override
  public Integer call() throws IOException {
    requireSane();
    if (random.isEmpty()) {
      measure(model.normalize(), model.normalize().toString());
      return 0;
    }
    try (RandomModel made = made(random.get())) {
      measure(made.folder(), "random weights in the sizes of " + random.get());
      return 0;
    }
  }

  private RandomModel made(String name) throws IOException {
    Optional<RandomDit> dit = RandomDit.named(name);
    if (dit.isPresent()) {
      return dit.get()
          .write(
              new RandomTensors(Stored.BF16),
              fixtures.resolve("flux-dev-tiny"),
              fixtures.resolve("autoencoder-tiny"),
              TINY_INPUTS);
    }
    Architecture architecture =
        Architecture.named(name)
            .orElseThrow(
                () ->
                    refusal(
                        "--random is %s; it must be one of dit, dit-tiny, sd15, sd21, sdxl-half"
                            .formatted(name)));
    return RandomModel.write(architecture, Stored.BF16, model.normalize());
  }

  private void measure(Path folder, String name) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (LocalModel loaded =
        LocalModel.load(folder, new ModelSettings(device, computeType, MOST_STEPS, size))) {
      requireSize(loaded);
      describe(out, name);
      Profile kernels = Profile.begin(loaded.clock());
      MaskedBenchmark benchmark =
          new MaskedBenchmark(
              loaded,
              size,
              margin,
              loading ? 0 : warmUp,
              steps,
              line -> {
                err.println("fresco: " + line);
                err.flush();
              });
      if (loading) {
        MaskedTable.loading(benchmark.load(masks.get(0), bandwidth * (1 << 20)))
            .forEach(out::println);
        return;
      }
      MaskedBenchmark.Result result = benchmark.run(masks);
      MaskedTable.lines(result).forEach(out::println);
      out.printf("%na recording has %d KiB a step%n", result.recorded() >> 10);
      if (profile) {
        out.println();
        kernels.lines().forEach(out::println);
      }
      out.flush();
    }
  }

  private void describe(PrintWriter out, String name) {
    out.println("processor  " + Machine.processor());
    out.println("PyTorch    " + KernelLibrary.threads() + " threads");
    out.printf("model      %s, %s on %s, %d x %d pixels%n", name, computeType, device, size, size);
    out.printf("steps      %d after %d to warm up, in turns%n%n", steps, warmUp);
    out.flush();
  }

  private void requireSane() {
    if (steps < 1 || warmUp < 0 || steps + warmUp > MOST_STEPS) {
      throw refusal(
          "--steps is %d and --warm-up %d; from 1 and 0 on, together at most %d"
              .formatted(steps, warmUp, MOST_STEPS));
    }
    if (margin < 0) {
      throw refusal("--margin is " + margin + "; from 0 on");
    }
    if (!(bandwidth >= 0)) {
      throw refusal("--bandwidth is " + bandwidth + "; from 0 on");
    }
    if (masks.isEmpty() || masks.stream().anyMatch(mask -> !(mask > 0 && mask <= 1))) {
      throw refusal("--masks is " + masks + "; shares over 0 and up to 1");
    }
  }

  private void requireSize(LocalModel loaded) {
    int multiple = loaded.card().sizeMultiple();
    if (size < multiple || size % multiple != 0) {
      throw refusal("--size is " + size + "; a multiple of " + multiple);
    }
  }

  private ParameterException refusal(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
