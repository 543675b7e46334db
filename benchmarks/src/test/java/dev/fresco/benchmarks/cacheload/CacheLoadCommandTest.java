package dev.fresco.benchmarks.cacheload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CacheLoadCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new CacheLoadCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(errors))
        .execute(arguments);
  }

  @Test
  void comparesThePlans() {
    assertThat(run("--layers", "20", "--cases", "10")).isZero();
    // 1080 ms of loads and then the last layer of 20: 53 ms.
    assertThat(out.toString())
        .containsPattern("the paper's, alike +2332 +2140 +1133 +\\d+ +\\d+ +1060 +\\d+ of 20")
        .containsPattern("mixed +\\d");
  }

  @Test
  void refusesWhatIsNoNumberOfLayers() {
    assertThat(run("--layers", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(errors.toString()).contains("--layers is 0; it must be in 1 to 1000");
  }
}
