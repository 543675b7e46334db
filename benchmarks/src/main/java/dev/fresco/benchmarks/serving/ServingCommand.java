package dev.fresco.benchmarks.serving;

import dev.fresco.benchmarks.engine.Architecture;
import dev.fresco.benchmarks.engine.Machine;
import dev.fresco.benchmarks.engine.RandomModel;
import dev.fresco.benchmarks.engine.RandomTensors;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./fresco bench serving}. */
@Command(
    name = "serving",
    description = "Serves edits, masked and in full, beside a server of diffusers.",
    mixinStandardHelpOptions = true)
public final class ServingCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServingOptions options;

  @Override
  public Integer call() throws IOException, InterruptedException {
    String refusal = options.refusal();
    if (refusal != null) {
      throw new ParameterException(spec.commandLine(), refusal);
    }
    if (options.model.isPresent()) {
      measure(options.model.get().toAbsolutePath().normalize());
      return 0;
    }
    Architecture architecture =
        Architecture.named(options.random)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "--random is %s; it must be one of sd15, sd21, sd21-half"
                            .formatted(options.random)));
    Path demo = options.peer.home().resolve("models").resolve("emoji");
    try (RandomModel made =
        RandomModel.write(architecture, RandomTensors.Stored.BF16, demo.normalize())) {
      measure(made.folder());
    }
    return 0;
  }

  private void measure(Path model) throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println("processor  " + Machine.processor());
    out.printf(
        "edits      %d after %d to warm up, %d x %d pixels, %d steps, %d templates, masks of %s%n",
        options.requests,
        options.warmUp,
        options.size,
        options.size,
        options.steps,
        options.templates,
        options.masks);
    out.flush();
    List<ServingTable.Row> rows = new ServingBenchmark(options, model, this::say).run();
    out.println();
    ServingTable.lines(rows).forEach(out::println);
    out.flush();
  }

  private void say(String what) {
    PrintWriter progress = spec.commandLine().getErr();
    progress.println("fresco: " + what);
    progress.flush();
  }
}
