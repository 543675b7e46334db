package dev.fresco.benchmarks.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class QualityCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void comparesEditsAndShowsThem(@TempDir Path folder) throws IOException {
    Path sheet = folder.resolve("made/sheet.png");
    assertThat(
            run("--edits", "2", "--steps", "2", "--size", "64", "--rows", "1", "--sheet=" + sheet))
        .as(err.toString())
        .isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches("masked, int8 +2 +\\d+ %( +[01]\\.\\d{3}){4} .*"))
        .anyMatch(line -> line.matches("masked +2 +\\d+ %( +[01]\\.\\d{3}){4} .*"))
        .anyMatch(line -> line.matches("template as it is +2 +0 %( +-?[01]\\.\\d{3}){4} .*"));
    BufferedImage image = ImageIO.read(sheet.toFile());
    assertThat(image.getWidth()).isEqualTo(8 * 68 + 4);
    assertThat(image.getHeight()).isEqualTo(68 + 4 + 18);
  }

  @Test
  void refusesSizesThatTheModelDoesNotTake() {
    assertThat(run("--size", "100")).isEqualTo(2);
    assertThat(err.toString()).contains("--size is 100; a multiple of 32");
    assertThat(run("--edits", "0")).isEqualTo(2);
  }

  private int run(String... options) {
    return new CommandLine(new QualityCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(withModel(options));
  }

  private static String[] withModel(String... options) {
    String[] all = new String[options.length + 2];
    all[0] = "--model";
    all[1] = Path.of("../models/emoji").toString();
    System.arraycopy(options, 0, all, 2, options.length);
    return all;
  }
}
