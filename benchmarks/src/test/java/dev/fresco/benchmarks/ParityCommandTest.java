package dev.fresco.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.checkpoint.SafetensorsFile;
import dev.fresco.engine.checkpoint.StoredTensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ParityCommandTest {
  private static final Path FIXTURES = Path.of("../engine/fixtures");
  private static final String GOLDEN = "autoencoder-tiny.vae.safetensors";

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void copyAFewFixtures() throws IOException {
    for (String name : List.of("autoencoder-tiny", "samplers", GOLDEN)) {
      try (Stream<Path> all = Files.walk(FIXTURES)) {
        for (Path path : all.filter(each -> belongs(each, name)).toList()) {
          Path to = folder.resolve(FIXTURES.relativize(path).toString());
          Files.createDirectories(to.getParent());
          Files.copy(path, to);
        }
      }
    }
  }

  private static boolean belongs(Path path, String name) {
    String relative = FIXTURES.relativize(path).toString();
    return Files.isRegularFile(path)
        && (relative.equals(name)
            || relative.startsWith(name + "/")
            || relative.matches(name + "\\.(json|safetensors)"));
  }

  @Test
  void aSoundFolderPasses() {
    assertThat(run("parity", folder.toString())).isZero();
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches(GOLDEN + " +2 +\\w+ +\\S+ +1.0e-04 +ok"))
        .anyMatch(line -> line.matches("samplers\\.safetensors +766 +\\S+ +\\S+ +1.0e-05 +ok"))
        .anyMatch(line -> line.startsWith("2 golden files: 2 ok"));
  }

  @Test
  void oneChangedNumberIsOver() throws IOException {
    changeFirstNumber("decoded");

    assertThat(run("parity", folder.toString())).isEqualTo(1);
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches(GOLDEN + " +2 +decoded +\\S+ +1.0e-04 +OVER"))
        .anyMatch(line -> line.startsWith("2 golden files: 1 ok, 1 over"));
  }

  @Test
  void aTensorPerLineNamesTheOneThatIsOver() throws IOException {
    changeFirstNumber("latents");

    assertThat(run("parity", "--tensors", folder.toString())).isEqualTo(1);
    assertThat(out.toString().lines())
        .anyMatch(line -> line.matches(GOLDEN + " +decoded .* ok"))
        .anyMatch(line -> line.matches(GOLDEN + " +latents .* OVER"))
        .filteredOn(line -> line.contains("euler-karras-epsilon@5/step."))
        .hasSize(5);
  }

  @Test
  void weightsThatDoNotLoadFail() throws IOException {
    Path weights = folder.resolve("autoencoder-tiny/diffusion_pytorch_model.safetensors");
    try (RandomAccessFile file = new RandomAccessFile(weights.toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }

    assertThat(run("parity", folder.toString())).isEqualTo(1);
    assertThat(out.toString().lines())
        .anyMatch(line -> line.startsWith(GOLDEN) && line.contains("FAILED"));
  }

  @Test
  void whatIsNoFixturesFolderIsRefused() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    assertThat(run("parity", empty.toString())).isEqualTo(2);
    assertThat(run("parity", folder.resolve("none").toString())).isEqualTo(2);
    assertThat(run("parity", folder.toString(), "--dtype", "fp8")).isEqualTo(2);
    assertThat(run("parity", folder.toString(), "--device", "tpu")).isEqualTo(2);
    assertThat(err.toString()).contains("no golden files", "fp8", "tpu").doesNotContain("\tat ");
  }

  private int run(String... arguments) {
    CommandLine line = BenchCommand.line();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }

  /** Adds 1 to a number in place. */
  private void changeFirstNumber(String tensor) throws IOException {
    Path golden = folder.resolve(GOLDEN);
    try (SafetensorsFile file = SafetensorsFile.open(golden);
        RandomAccessFile bytes = new RandomAccessFile(golden.toFile(), "rw")) {
      StoredTensor stored = file.tensor(tensor);
      long at = Long.BYTES + Long.reverseBytes(bytes.readLong()) + stored.begin();
      bytes.seek(at);
      float before = Float.intBitsToFloat(Integer.reverseBytes(bytes.readInt()));
      bytes.seek(at);
      bytes.writeInt(Integer.reverseBytes(Float.floatToIntBits(before + 1)));
    }
  }
}
