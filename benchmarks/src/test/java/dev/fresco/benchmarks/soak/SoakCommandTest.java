package dev.fresco.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.DenoisingBatch;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.PictureSettings;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.batch.LocalModel;
import dev.fresco.engine.batch.ModelSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SoakCommandTest {
  private static final String FIXTURES = "../engine/fixtures";
  private static final String MODEL = FIXTURES + "/sd15-tiny";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /**
   * The memory of a process that also runs other tests says little; the tensors' count is exact.
   */
  @Test
  void everyRequestEndsAndLeavesNoTensor() {
    int exitCode =
        run(
            "--fixtures",
            FIXTURES,
            "--requests=90",
            "--every=30",
            "--size=32",
            "--steps=3",
            "--limit=1000");

    assertThat(exitCode).as("%s%n%s", out, err).isZero();
    List<String> readings =
        out.toString().lines().filter(line -> line.matches(" +\\d+( +\\d+){5} .*")).toList();
    assertThat(readings).hasSize(3);
    assertThat(readings.get(2)).matches(" +90 .*");
    assertThat(out.toString())
        .contains("native memory", "after 30 requests", "4 adapters, 1 ControlNets");
  }

  @Test
  void aMemberThatStaysIsSeen() {
    try (DiffusionModel model =
            LocalModel.load(Path.of(MODEL), new ModelSettings("cpu", "fp32", 9, 64));
        DenoisingBatch<Integer> batch = model.newBatch()) {
      MemoryReading before = MemoryReading.now();
      batch.join(
          0,
          PictureRequest.of(
              new PictureSettings(8, 8, 4, 5, "ddim", 1), model.encode(Prompt.of("a", "b"))));
      MemoryReading joined = MemoryReading.now();
      batch.leave(0);

      assertThat(joined.tensors()).isGreaterThan(before.tensors());
      assertThat(new SoakVerdict(before, joined, 1).leaks()).isNotEmpty();
      assertThat(MemoryReading.now().tensors()).isEqualTo(before.tensors());
      assertThat(before.residentKib()).isPositive();
    }
  }

  @Test
  void optionsAreChecked() {
    assertThat(run("--fixtures", FIXTURES, "--requests=10", "--every=6")).isEqualTo(2);
    assertThat(run("--fixtures", FIXTURES, "--batch=0")).isEqualTo(2);
    assertThat(run("--fixtures", FIXTURES, "--size=1")).isEqualTo(2);
    assertThat(run("--fixtures", FIXTURES, "--tiny=huge")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--requests is 10", "--batch is 0", "--size is 1", "--tiny is huge")
        .doesNotContain("\tat ");
  }

  private int run(String... arguments) {
    CommandLine line = new CommandLine(new SoakCommand());
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }
}
