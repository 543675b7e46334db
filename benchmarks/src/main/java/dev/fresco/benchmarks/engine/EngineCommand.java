package dev.fresco.benchmarks.engine;

import dev.fresco.benchmarks.engine.RandomTensors.Stored;
import dev.fresco.benchmarks.rates.MachineRates;
import dev.fresco.benchmarks.rates.RatesTable;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  /** The sampler that both sides have. */
  private static final String PEER_SAMPLER = "euler";

  @Spec private CommandSpec spec;
  @Mixin private PeerOptions peer;

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
      names = "--profile",
      description = "Tell the time by kernel, over all steps of all batches.")
  private boolean profile;

  @Option(
      names = "--decoders",
      defaultValue = "0",
      paramLabel = "N",
      description = "Threads that decode pictures meanwhile (default: ${DEFAULT-VALUE}).")
  private int decoders;

  @Option(
      names = "--dtype",
      paramLabel = "fp32|bf16|auto",
      defaultValue = "auto",
      description =
          "Compute type (default: ${DEFAULT-VALUE}, bf16 where there is hardware for it).")
  private String computeType;

  @Option(
      names = "--device",
      paramLabel = "cpu|cuda:N",
      defaultValue = "cpu",
      description = "Where it runs (default: ${DEFAULT-VALUE}).")
  private String device;

  @Option(
      names = "--random",
      paramLabel = "sd15|sd21|sdxl-half",
      description = {
        "Give the UNet the sizes of Stable Diffusion 1.5 or 2.1, or of Stable Diffusion XL with half",
        "the channels, and random weights; writes up to 3.5 GB to the temporary folder, and deletes them."
      })
  private Optional<String> random;

  @Option(
      names = "--stored",
      defaultValue = "bf16",
      paramLabel = "bf16|fp32",
      description = "How random weights lie in their files (default: ${DEFAULT-VALUE}).")
  private String stored;

  @Option(
      names = "--rates",
      description = "Measure the machine's own rates too, and from them the least time of a step.")
  private boolean rates;

  @Option(
      names = "--pictures",
      description = "Measure previews, and decoding of whole pictures and of parts, too.")
  private boolean pictures;

  @Option(names = "--shapes", description = "Tell the rates for every shape.")
  private boolean shapes;

  @Option(
      names = "--loading",
      description = "Measure how long the model takes to load, and its memory, instead of steps.")
  private boolean loading;

  @Override
  public Integer call() throws IOException {
    requireSane();
    Path folder = model.normalize();
    if (random.isEmpty()) {
      measure(folder, folder.toString());
      return 0;
    }
    try (RandomModel made = RandomModel.write(architecture(random.get()), stored(), folder)) {
      measure(
          made.folder(),
          "random weights in the sizes of %s, stored as %s".formatted(random.get(), stored));
      return 0;
    }
  }

  private Architecture architecture(String name) {
    return Architecture.named(name)
        .orElseThrow(
            () ->
                refusal(
                    "--random is %s; it must be one of %s"
                        .formatted(
                            name,
                            Architecture.ALL.stream()
                                .map(Architecture::name)
                                .collect(Collectors.joining(", ")))));
  }

  private Stored stored() {
    return Stored.named(stored)
        .orElseThrow(() -> refusal("--stored is " + stored + "; it must be bf16 or fp32"));
  }

  private void measure(Path folder, String name) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    describe(out, name);
    if (loading) {
      LoadingBenchmark benchmark = new LoadingBenchmark(folder, settings(), workload("ddim"));
      out.printf("weights    %.0f MiB%n%n", benchmark.weights());
      benchmark.lines().forEach(out::println);
      out.flush();
      return;
    }
    try (LocalModel loaded = load(folder)) {
      String sampler = peer.name.isPresent() ? PEER_SAMPLER : loaded.card().defaultSampler();
      Subject subject = new Subject(folder, loaded, format(), workload(sampler));
      if (peer.name.isPresent()) {
        PrintWriter progress = spec.commandLine().getErr();
        new Comparison(subject, peer, out, progress).print(batches, shapes);
      } else {
        Profile steps = Profile.begin(loaded.clock());
        table(subject, out).forEach(out::println);
        if (profile) {
          out.println();
          steps.lines().forEach(out::println);
        }
      }
      if (pictures) {
        out.println();
        codec(subject).lines().forEach(out::println);
      }
      out.flush();
    }
  }

  private static CodecBenchmark codec(Subject subject) {
    try (FrescoContestant fresco = subject.fresco()) {
      fresco.begin(1);
      long[] steps = fresco.turn(subject.workload().steps()).nanoseconds();
      double least = new StepTimes(1, steps).leastMilliseconds();
      return new CodecBenchmark(subject.model(), fresco.latents(0), least);
    }
  }

  private Workload workload(String sampler) {
    return new Workload(size, warmUp, steps, sampler);
  }

  private ComputeType format() {
    return ComputeType.parse(computeType, !device.equals("cpu"));
  }

  private ModelSettings settings() {
    return new ModelSettings(device, computeType, MOST_STEPS, size);
  }

  private void requireSane() {
    if (batches.stream().anyMatch(batch -> batch < 1)) {
      throw refusal("--batch is " + batches + "; from 1 on");
    }
    if (decoders < 0) {
      throw refusal("--decoders is " + decoders + "; from 0 on");
    }
    if (steps < 1 || warmUp < 0 || steps + warmUp > MOST_STEPS) {
      throw refusal(
          "--steps is %d and --warm-up %d; from 1 and 0 on, together at most %d"
              .formatted(steps, warmUp, MOST_STEPS));
    }
    if (!device.equals("cpu") && (peer.name.isPresent() || rates || shapes)) {
      throw refusal("--device is " + device + "; --peer, --rates and --shapes measure on cpu only");
    }
    if (!peer.known()) {
      throw refusal("--peer is " + peer.name.get() + "; it must be " + PeerOptions.DIFFUSERS);
    }
    if (decoders > 0 && peer.name.isPresent()) {
      throw refusal("--decoders is " + decoders + "; nothing else runs beside --peer");
    }
  }

  private ParameterException refusal(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private LocalModel load(Path folder) {
    LocalModel loaded = LocalModel.load(folder, settings());
    int multiple = loaded.card().sizeMultiple();
    if (size < multiple || size % multiple != 0) {
      loaded.close();
      throw refusal("--size is " + size + "; a multiple of " + multiple);
    }
    return loaded;
  }

  private void describe(PrintWriter out, String name) {
    out.println("processor  " + Machine.processor());
    out.println("PyTorch    " + KernelLibrary.threads() + " threads" + openMp());
    out.printf(
        "model      %s, %s on %s, %d x %d pixels%n", name, Words.of(format()), device, size, size);
    if (!loading) {
      out.printf(
          "steps      %d after %d to warm up, %d threads decode meanwhile%n%n",
          steps, warmUp, decoders);
    }
    out.flush();
  }

  private static String openMp() {
    StringBuilder settings = new StringBuilder();
    System.getenv().entrySet().stream()
        .filter(entry -> entry.getKey().matches("(OMP|GOMP)_.*"))
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> settings.append(", ").append(entry));
    return settings.toString();
  }

  private List<String> table(Subject subject, PrintWriter out) {
    StepBenchmark benchmark =
        new StepBenchmark(subject.model(), subject.format(), subject.workload(), decoders);
    StepTable table = new StepTable(subject.format(), decoders == 0);
    benchmark.warmJava();
    for (int batch : batches) {
      Turn turn = benchmark.measure(batch);
      Optional<Long> peak = ProcessFigures.own().peakMemory();
      table.add(batch, turn, measuredRates(subject, batch, out), peak);
    }
    return table.lines();
  }

  private Optional<MachineRates> measuredRates(Subject subject, int batch, PrintWriter out) {
    if (!rates && !shapes) {
      return Optional.empty();
    }
    MachineRates measured = subject.rates(batch);
    RatesTable words = new RatesTable(measured);
    words.byKind().forEach(out::println);
    if (shapes) {
      words.byShape().forEach(out::println);
    }
    out.println();
    return Optional.of(measured);
  }
}
