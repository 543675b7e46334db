package dev.fresco.benchmarks.pipeline;

import dev.fresco.benchmarks.OptionRange;
import dev.fresco.planning.pipeline.Timeline;
import dev.fresco.planning.pipeline.TimelineSvg;
import dev.fresco.trainer.link.DelayTrace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./fresco bench pipeline}. */
@Command(
    name = "pipeline",
    description = {
      "Compares ways to run a training pipeline with slow links: 1F1B, zero bubble,",
      "delegated sends, and delegated sends with an adapted schedule. Without --simulate,",
      "--overhead, --losses or --detect, models are trained with the paper's delays here."
    },
    mixinStandardHelpOptions = true)
public final class PipelineCommand implements Callable<Integer> {
  private static final int LOSS_ITERATIONS = 100;

  @Spec private CommandSpec spec;

  /** What to do; to train, if it is none of these. */
  private static final class Mode {
    @Option(
        names = "--simulate",
        description = "In the simulator, beside the figures of Adaptra's paper.")
    private boolean simulate;

    @Option(
        names = "--overhead",
        description = "What delegates, telemetry and detection cost while nothing is slow.")
    private boolean overhead;

    @Option(
        names = "--losses",
        description = "Losses under each schedule beside those of a single process.")
    private boolean losses;

    @Option(
        names = "--detect",
        description = "A link becomes slow and heals; plans follow from telemetry alone.")
    private boolean detect;
  }

  @ArgGroup private Mode mode = new Mode();

  @Option(
      names = "--operation",
      paramLabel = "MS",
      defaultValue = "" + SlowLinks.OPERATION_MILLIS,
      description = {
        "What each operation takes, 1 to 1000 ms (default: ${DEFAULT-VALUE}). In training, real",
        "ones are held for so long, and delays scaled with it."
      })
  private double operationMillis;

  @Option(
      names = "--unpaced",
      description = "In training, operations take as long as they take; delays are scaled.")
  private boolean unpaced;

  @Option(
      names = "--stages",
      paramLabel = "N,...",
      split = ",",
      defaultValue = "4,8",
      description = "In training, 4 for the 7B model's cases, 8 for the 14B's, 2 for some of two.")
  private List<Integer> stages;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description = {
        "In training, only the 7B model, its first link's delays as in a file with lines",
        "SECONDS,MILLISECONDS: from when on, since the start, and how long."
      })
  private Path trace;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "2",
      description = "Turns of each way in a training run, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--iterations",
      paramLabel = "N",
      defaultValue = "3",
      description = "Measured in each turn, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of simulated delays that vary (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--svg",
      paramLabel = "FOLDER",
      description = "Also draws timelines, or loss curves, there.")
  private Path svg;

  @Override
  public Integer call() throws IOException, InterruptedException {
    validate();
    // Each stage has a thread of its own; a pool of PyTorch's beside it would only be in the way.
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    if (mode.simulate) {
      simulate();
    } else if (mode.overhead) {
      overhead();
    } else if (mode.losses) {
      losses();
    } else if (mode.detect) {
      detect();
    } else {
      train();
    }
    spec.commandLine().getOut().flush();
    return 0;
  }

  private void validate() {
    OptionRange.require(spec, "--operation", operationMillis, 1, 1000);
    OptionRange.require(spec, "--rounds", rounds, 1, 1000);
    OptionRange.require(spec, "--iterations", iterations, 1, 1000);
    for (int number : stages) {
      if (!List.of(2, 4, 8).contains(number)) {
        throw new ParameterException(
            spec.commandLine(), "--stages has " + number + "; 2, 4 and 8 can be");
      }
    }
  }

  private void simulate() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    SimulatedTable table = new SimulatedTable(operationMillis);
    out.printf(
        Locale.ROOT,
        "operations of %.1f ms; %.1f ms fit the paper's 1F1B best%n%n",
        operationMillis,
        OperationFit.millis(SlowLinks.explained()));
    table.lines().forEach(out::println);
    out.printf("%nthe first link's delay drawn for each iteration, N(30, 10) ms%n%n");
    table.varying(seed).forEach(out::println);
    for (Way way : Way.values()) {
      draw("simulated", way, table.timeline(SlowLinks.ofThePaper().get(0), way));
    }
  }

  private void overhead() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    SlowLinks links = unpaced ? SlowLinks.twoStages().get(0) : SlowLinks.ofThePaper().get(0);
    TrainedPipeline pipeline = benchmark().pipeline(links.healthy());
    new OverheadBenchmark(pipeline, rounds, iterations).lines().forEach(out::println);
  }

  private void losses() throws IOException, InterruptedException {
    TrainedPipeline paced = benchmark().pipeline(SlowLinks.ofThePaper().get(0));
    LossCurves curves =
        new LossCurves(
            new TrainedPipeline(paced.model(), paced.shape(), Duration.ZERO), LOSS_ITERATIONS);
    Map<String, List<Double>> losses = curves.losses();
    PrintWriter out = spec.commandLine().getOut();
    List<Double> wanted = losses.get(LossCurves.ALONE);
    losses.forEach(
        (name, values) ->
            out.printf(
                Locale.ROOT,
                "%-12s first %.6f, last %.6f, differs by at most %.1e%n",
                name,
                values.get(0),
                values.get(values.size() - 1),
                LossCurves.largestDifference(values, wanted)));
    if (svg != null) {
      losses.keySet().retainAll(Set.of(LossCurves.ALONE, LossCurves.CHANGING));
      LineChart.draw(svg.resolve("pipeline-losses.svg"), "loss, nats a byte", losses);
    }
  }

  private void detect() throws IOException, InterruptedException {
    SlowLinks slow = SlowLinks.ofThePaper().get(0);
    TrainedPipeline healthy = benchmark().pipeline(slow.healthy());
    double delay = slow.delays().get(0) * operationMillis / SlowLinks.OPERATION_MILLIS;
    DetectionBenchmark benchmark =
        new DetectionBenchmark(healthy, Duration.ofNanos(Math.round(delay * 1e6)));
    DetectionBenchmark.Run following = benchmark.run(true);
    DetectionBenchmark.Run staying = benchmark.run(false);
    PrintWriter out = spec.commandLine().getOut();
    following.told().forEach(out::println);
    out.println();
    DetectionBenchmark.lines(following, staying).forEach(out::println);
    if (svg != null) {
      Map<String, List<Double>> lines = new LinkedHashMap<>();
      lines.put("plans follow", following.millis());
      lines.put("the first plan stays", staying.millis());
      LineChart.draw(svg.resolve("pipeline-detection.svg"), "iteration, ms", lines);
    }
  }

  private TrainedBenchmark benchmark() {
    Duration pace = unpaced ? Duration.ZERO : Duration.ofNanos(Math.round(operationMillis * 1e6));
    return new TrainedBenchmark(pace, rounds, iterations, spec.commandLine().getErr());
  }

  private void train() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (trace != null) {
      benchmark().run(delays()).forEach(out::println);
      return;
    }
    List<SlowLinks> cases = new ArrayList<>();
    if (stages.contains(2)) {
      cases.addAll(SlowLinks.twoStages());
    }
    SlowLinks.healthyAndSlow().stream()
        .filter(each -> stages.contains(each.stages()))
        .forEach(cases::add);
    benchmark().run(cases, this::drawFirst).forEach(out::println);
  }

  private DelayTrace delays() throws IOException {
    try {
      DelayTrace delays = DelayTrace.read(trace);
      if (delays.meanMillis() > 0) {
        return delays;
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--trace: " + e.getMessage(), e);
    }
    throw new ParameterException(spec.commandLine(), "--trace: " + trace + " has no delay");
  }

  /** The paper's first case only. */
  private void drawFirst(SlowLinks slow, Map<Way, Timeline> timelines) throws IOException {
    if (slow.equals(SlowLinks.ofThePaper().get(0))) {
      for (Map.Entry<Way, Timeline> each : timelines.entrySet()) {
        draw("measured", each.getKey(), each.getValue());
      }
    }
  }

  private void draw(String how, Way way, Timeline timeline) throws IOException {
    if (svg != null) {
      Files.createDirectories(svg);
      Files.writeString(
          svg.resolve("pipeline-" + how + "-" + way.fileName() + ".svg"), TimelineSvg.of(timeline));
    }
  }
}
