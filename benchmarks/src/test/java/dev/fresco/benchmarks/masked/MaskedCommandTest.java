package dev.fresco.benchmarks.masked;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MaskedCommandTest {
  private static final String DEMO = "../models/emoji";
  private static final String FIXTURES = "../engine/fixtures";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void measuresATransformer() {
    assertThat(
            run(
                "--random=dit-tiny",
                "--fixtures",
                FIXTURES,
                "--size=128",
                "--steps=2",
                "--warm-up=1",
                "--masks=0.25,1",
                "--dtype=fp32",
                "--profile"))
        .isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("in full( +[\\d.]+ ms){2} +1\\.00 .*"))
        .anyMatch(line -> line.matches("masked +0\\.250( +[\\d.]+ ms){2} .* %.*"))
        .anyMatch(line -> line.matches("masked +1\\.000( +[\\d.]+ ms){2} .* %.*"))
        .anyMatch(line -> line.matches("flux\\.double +\\d+ .* %"));
  }

  @Test
  void measuresAUNet() {
    assertThat(run("--model", DEMO, "--size=64", "--steps=2", "--warm-up=1", "--masks=0.25"))
        .isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("masked +0\\.250( +[\\d.]+ ms){2} .* %.*"))
        .anyMatch(line -> line.matches("a recording has [1-9]\\d* KiB a step"));
  }

  /** Storage that is much slower than the network: a plan does not load every step. */
  @Test
  void measuresWaysToLoad() {
    assertThat(
            run(
                "--model",
                DEMO,
                "--size=64",
                "--steps=4",
                "--masks=0.25",
                "--loading",
                "--bandwidth=20"))
        .as("%s", err)
        .isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches(" *20 MiB/s +ahead, all steps +4 .*"))
        .anyMatch(line -> line.matches(" *20 MiB/s +ahead, exact plan +[0-3] .*"))
        .anyMatch(line -> line.matches(" *20 MiB/s +without loading +4 .* 1\\.00"));
  }

  @Test
  void refusesWhatItCannotMeasure() {
    assertThat(run("--model", DEMO, "--masks", "0,0.5")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--masks", "1.5")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--steps", "0")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--margin", "-1")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--size", "100")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--random", "sd9")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--masks is [0.0, 0.5]", "--masks is [1.5]", "--steps is 0", "--margin is -1")
        .contains("--size is 100", "--random is sd9")
        .doesNotContain("\tat ");
  }

  private int run(String... arguments) {
    CommandLine line = new CommandLine(new MaskedCommand());
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }
}
