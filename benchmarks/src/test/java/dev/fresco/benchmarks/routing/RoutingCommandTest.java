package dev.fresco.benchmarks.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RoutingCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new RoutingCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(errors))
        .execute(arguments);
  }

  @Test
  void printsAllPolicies() {
    assertThat(run("--workers", "2", "--rates", "0.4", "--requests", "30", "--seeds", "1"))
        .isZero();
    assertThat(out.toString())
        .contains("mask ratios: public, mean 0.193")
        .containsPattern("2 +0.40  round-robin +\\d+\\.\\d\\d s")
        .contains("by request count", "by token count")
        .containsPattern("mask-aware +\\d+\\.\\d\\d s +\\d+\\.\\d\\d s");
  }

  @Test
  void refusesWhatCannotBe() {
    assertThat(run("--masks", "mine")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run("--constant", "2")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(errors.toString())
        .contains("--masks is mine; it is production, public or inpaint")
        .contains("--constant is 2.0; it must be in 0.0 to 1.0");
  }
}
