package dev.fresco.benchmarks.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class EngineCommandTest {
  private static final String DEMO = "../models/emoji";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void measuresEachBatch() {
    assertThat(run("--model", DEMO, "--size", "64", "--batch", "1,2", "--steps", "3")).isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.startsWith("processor ") && line.contains(" cores"))
        .anyMatch(line -> line.matches("PyTorch +\\d+ threads.*"))
        .anyMatch(line -> line.matches(" +1( +[\\d.]+ ms){4} +1.00 +[\\d.]+ % +\\d+ .* MiB"))
        .anyMatch(line -> line.matches(" +2( +[\\d.]+ ms){4} +\\d.\\d\\d +[\\d.]+ % .*"));
  }

  @Test
  void measuresBesideDecoders() {
    assertThat(run("--model", DEMO, "--size", "64", "--batch", "1", "--steps", "3", "--decoders=2"))
        .isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.endsWith("2 threads decode meanwhile"))
        .anyMatch(line -> line.matches(" +1( +[\\d.]+ ms){4} +1.00 +\\d+ KiB .* MiB"));
  }

  @Test
  void refusesWhatItCannotMeasure() {
    assertThat(run("--model", DEMO, "--batch", "0")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--steps", "1000")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--size", "100")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--random", "sd9")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--batch is [0]", "--steps is 1000", "--size is 100", "--random is sd9")
        .doesNotContain("\tat ");
  }

  private int run(String... arguments) {
    CommandLine line = new CommandLine(new EngineCommand());
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }
}
