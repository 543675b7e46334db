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
  void measuresTheMachine() {
    assertThat(run("--model", DEMO, "--size", "64", "--batch", "1", "--steps", "2", "--shapes"))
        .isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("3 x 3 convolution +\\d+ +\\d+ +[\\d.]+ +[\\d.]+ ms .*"))
        .anyMatch(line -> line.matches("attention +2 x 2 heads of 32, 64 on 64 .*"))
        .anyMatch(line -> line.matches(" +1( +[\\d.]+ ms){4} +1.00 +[\\d.]+ % .* MiB"));
  }

  @Test
  void measuresWhatMakesPictures() {
    assertThat(run("--model", DEMO, "--size", "64", "--batch", "1", "--steps", "1", "--pictures"))
        .isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("preview +[\\d.]+ ms +[\\d.]+ %"))
        .anyMatch(
            line ->
                line.matches("square of 3 x 3 of 8 x 8 latents +[\\d.]+ ms +[\\d.]+ % +[\\d.]+"));
  }

  @Test
  void measuresLoading() {
    assertThat(run("--model", DEMO, "--size", "64", "--loading")).isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("weights +29 MiB"))
        .anyMatch(
            line ->
                line.matches(" +3 +[\\d.]+ ms( +[\\d.]+ s){2}( +[\\d.]+ ms){3}( +\\d+ MiB){5}"));
  }

  @Test
  void aPeerThatDoesNotStartIsAnError() {
    assertThat(
            run("--model", DEMO, "--size", "64", "--peer=diffusers", "--peer-python=none/python"))
        .isNotZero();
    assertThat(err.toString()).contains("the peer does not start", "none/python");
  }

  @Test
  void refusesWhatItCannotMeasure() {
    assertThat(run("--model", DEMO, "--batch", "0")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--steps", "1000")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--size", "100")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--random", "sd9")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--peer", "diffusers", "--decoders", "1")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--peer", "others")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--random", "sd15", "--stored", "fp8")).isEqualTo(2);
    assertThat(run("--model", DEMO, "--rates", "--device", "cuda:0")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--decoders is 1", "--peer is others", "--stored is fp8", "--device is cuda:0")
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
