package dev.fresco.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PipelineCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new PipelineCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(errors))
        .execute(arguments);
  }

  @Test
  void simulatesThePapersCases(@TempDir Path folder) throws IOException {
    assertThat(run("--simulate", "--svg", folder.toString())).isZero();
    // Healthy, 15 microbatches of 26.4 ms; of the paper's figures, .46 is .58 of .80.
    assertThat(out.toString())
        .containsPattern("7B +none +0.40 ")
        .containsPattern("7B +30 ms on 0-1 .* 0.80 +0.90 +0.54 +0.46 +0.58\\R")
        .containsPattern("14B +30 ms on 0-1, 3-4, 6-7 ");
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("pipeline-simulated-full.svg", "pipeline-simulated-zero-bubble.svg")
          .hasSize(4);
    }
  }

  @Test
  void trainsWithSlowLinks() {
    assertThat(run("--stages", "2", "--operation", "2", "--rounds", "1", "--iterations", "1"))
        .isZero();
    assertThat(out.toString())
        .containsPattern("two stages +none +0\\.\\d+ ")
        .containsPattern("two stages +60 ms on 0-1 +0\\.\\d+ ");
  }

  @Test
  void replaysATraceOfDelays(@TempDir Path folder) throws IOException {
    Path trace = Files.writeString(folder.resolve("trace"), "0,10\n0.2,20\n0.4,10\n");
    assertThat(
            run(
                "--trace",
                trace.toString(),
                "--operation",
                "2",
                "--rounds",
                "1",
                "--iterations",
                "1"))
        .isZero();
    assertThat(out.toString()).containsPattern("7B +15 ms on 0-1 +0\\.\\d+ ");
    Files.writeString(trace, "0,ten\n");
    assertThat(run("--trace", trace.toString())).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(errors.toString()).contains("--trace: " + trace + ", line 1");
  }

  @Test
  void theOperationsTimeIsTheOneThatFits() {
    assertThat(OperationFit.millis(SlowLinks.explained())).isEqualTo(SlowLinks.OPERATION_MILLIS);
    assertThat(SlowLinks.explained())
        .allSatisfy(
            each ->
                assertThat(OperationFit.excess(each, SlowLinks.OPERATION_MILLIS))
                    .isBetween(-.05, .05));
  }

  @Test
  void adaptingIsNeverTheSlowestWay() {
    SimulatedTable table = new SimulatedTable(SlowLinks.OPERATION_MILLIS);
    for (SlowLinks slow : SlowLinks.ofThePaper()) {
      for (Way way : List.of(Way.ONE_FORWARD_ONE_BACKWARD, Way.ZERO_BUBBLE, Way.DELEGATED)) {
        assertThat(table.timeline(slow, Way.FULL).makespan())
            .isLessThanOrEqualTo(table.timeline(slow, way).makespan());
      }
    }
  }

  @Test
  void refusesWhatIsNoTime() {
    assertThat(run("--simulate", "--operation", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(errors.toString()).contains("--operation is 0.0; it must be in 1.0 to 1000.0");
    assertThat(run("--stages", "3")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(errors.toString()).contains("--stages has 3; 2, 4 and 8 can be");
    assertThat(run("--simulate", "--losses")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(errors.toString()).contains("mutually exclusive");
  }
}
