package dev.fresco.engine.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.SafetensorsBytes;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.parity.ParityRow.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParitySuiteTest {
  private static final Path FIXTURES = Path.of("fixtures");
  private static KernelLibrary kernels;
  @TempDir Path folder;

  @BeforeAll
  static void open() {
    kernels = KernelLibrary.on("cpu");
  }

  @AfterAll
  static void close() {
    kernels.close();
  }

  @Test
  void familiesMayHaveAnyName() throws IOException {
    copyEncoder("anything.v9");
    Files.copy(
        FIXTURES.resolve("sd15-tiny.text.safetensors"),
        folder.resolve("anything.v9.text.safetensors"));

    assertThat(run())
        .extracting(ParityRow::file, ParityRow::verdict)
        .containsOnly(tuple("anything.v9.text.safetensors", Verdict.PASSED))
        .hasSize(4);
  }

  @Test
  void aWrongResultFails() throws IOException {
    copyEncoder("a");
    SafetensorsBytes.copyOf(FIXTURES.resolve("sd15-tiny.text.safetensors"))
        .floats("pooler_output", new float[4 * 32], 4, 32)
        .writeTo(folder.resolve("a.text.safetensors"));

    assertThat(run())
        .filteredOn(row -> row.tensor().equals("pooler_output"))
        .singleElement()
        .satisfies(row -> assertThat(row.verdict()).isEqualTo(Verdict.FAILED))
        .satisfies(row -> assertThat(row.error()).isGreaterThan(row.limit()));
  }

  @Test
  void aTextWithOtherTokensFails() throws IOException {
    copyTokenizer(folder.resolve("words"));
    Files.writeString(
        folder.resolve("words/golden.json"),
        "{\"a cat\": [609, 320, 592, 610], \"a\": [609, 610]}");

    assertThat(run())
        .singleElement()
        .satisfies(row -> assertThat(row.verdict()).isEqualTo(Verdict.FAILED))
        .satisfies(row -> assertThat(row.error()).isEqualTo(0.5));
  }

  @Test
  void otherNoiseFails() throws IOException {
    float[] noise = TorchNoise.standardNormal(5, 2, 9).data();
    new SafetensorsBytes()
        .floats("5/2x9", noise, 2, 9)
        .floats("6/2x9", noise, 2, 9)
        .floats(Long.toUnsignedString(5 + (-1L << 32)) + "/2x9", noise, 2, 9)
        .writeTo(folder.resolve("noise.safetensors"));

    assertThat(run())
        .filteredOn(row -> row.verdict() == Verdict.FAILED)
        .singleElement()
        .satisfies(row -> assertThat(row.tensor()).isEqualTo("6/2x9"));
  }

  @Test
  void aStreamThatStartsAnewFails() throws IOException {
    float[] noise = TorchNoise.standardNormal(5, 2, 9).data();
    new SafetensorsBytes()
        .floats("5/0/2x9", noise, 2, 9)
        .floats("5/1/2x9", noise, 2, 9)
        .writeTo(folder.resolve("noise-stream.safetensors"));

    assertThat(run())
        .filteredOn(row -> row.verdict() == Verdict.FAILED)
        .singleElement()
        .satisfies(row -> assertThat(row.tensor()).isEqualTo("5/1/2x9"));
  }

  @Test
  void aSamplerThatTheEngineLacksIsUnsupported() throws IOException {
    Files.copy(FIXTURES.resolve("samplers.safetensors"), folder.resolve("samplers.safetensors"));
    Files.writeString(
        folder.resolve("samplers.json"),
        """
        {"a": {"class": "HeunDiscreteScheduler", "config": {}, "steps": 4},
         "b": {"class": "DPMSolverMultistepScheduler", "config": {"algorithm_type": "dpmsolver"},
               "steps": 4}}
        """);

    assertThat(run())
        .singleElement()
        .satisfies(row -> assertThat(row.verdict()).isEqualTo(Verdict.UNSUPPORTED))
        .satisfies(
            row ->
                assertThat(row.note())
                    .isEqualTo(
                        "2 of 2 configurations: DPMSolverMultistepScheduler (dpmsolver),"
                            + " HeunDiscreteScheduler"));
  }

  @Test
  void aSamplerThatStraysFails() throws IOException {
    String last = "dpmpp-2m-epsilon@5/step.4";
    SafetensorsBytes.copyOf(FIXTURES.resolve("samplers.safetensors"))
        .floats(last, new float[64], 1, 4, 4, 4)
        .writeTo(folder.resolve("samplers.safetensors"));
    Files.copy(FIXTURES.resolve("samplers.json"), folder.resolve("samplers.json"));

    assertThat(run())
        .filteredOn(row -> row.verdict() == Verdict.FAILED)
        .singleElement()
        .satisfies(row -> assertThat(row.tensor()).isEqualTo(last));
  }

  @Test
  void samplersWithoutTheirConfigurationsFail() throws IOException {
    Files.copy(FIXTURES.resolve("samplers.safetensors"), folder.resolve("samplers-2.safetensors"));

    assertThat(run())
        .singleElement()
        .satisfies(row -> assertThat(row.verdict()).isEqualTo(Verdict.FAILED))
        .satisfies(row -> assertThat(row.note()).contains("samplers-2.json: cannot be read"));
  }

  @Test
  void aFolderOfOtherTensorsIsNoFixturesFolder() {
    new SafetensorsBytes().writeTo(folder.resolve("model.safetensors"));

    assertThatThrownBy(this::run)
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("no check reads any file");
  }

  @Test
  void aMissingCheckpointFailsWithTheReason() throws IOException {
    Files.copy(
        FIXTURES.resolve("sd15-tiny.unet.safetensors"), folder.resolve("gone.unet.safetensors"));

    assertThat(run())
        .singleElement()
        .satisfies(row -> assertThat(row.verdict()).isEqualTo(Verdict.FAILED))
        .satisfies(row -> assertThat(row.note()).contains("config.json"));
  }

  @Test
  void whatTheEngineDoesNotRunIsUnsupported() throws IOException {
    Files.createDirectories(folder.resolve("big/unet"));
    Files.writeString(
        folder.resolve("big/model_index.json"), "{\"_class_name\":\"KandinskyPipeline\"}");
    Files.writeString(
        folder.resolve("big/unet/config.json"),
        "{\"_class_name\":\"UNet2DConditionModel\",\"addition_embed_type\":\"image\"}");
    for (String golden : List.of("big.unet.safetensors", "big.sound.safetensors")) {
      new SafetensorsBytes().writeTo(folder.resolve(golden));
    }

    assertThat(run()).extracting(ParityRow::verdict).containsOnly(Verdict.UNSUPPORTED).hasSize(2);
    assertThat(run())
        .extracting(ParityRow::note)
        .anyMatch(note -> note.contains("addition_embed_type is \"image\""))
        .anyMatch(note -> note.contains("no check reads"));
  }

  @Test
  void refusesAFolderWithoutGoldenFiles() {
    assertThatThrownBy(this::run)
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("has no golden files");
    assertThatThrownBy(() -> GoldenFile.in(folder.resolve("none")))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void namesGoldenFilesByFamilyAndPart() throws IOException {
    Files.createDirectory(folder.resolve("words"));
    Files.writeString(folder.resolve("words/golden.json"), "{}");
    new SafetensorsBytes().writeTo(folder.resolve("a.b.unet.safetensors"));
    new SafetensorsBytes().writeTo(folder.resolve("samplers.safetensors"));

    assertThat(GoldenFile.in(folder))
        .extracting(golden -> golden.name() + " " + golden.family() + " " + golden.part())
        .containsExactly(
            "a.b.unet.safetensors a.b unet",
            "samplers.safetensors samplers ",
            "words/golden.json words ");
  }

  @Test
  void errorIsRelativeAndNeverForgivesNaN() {
    assertThat(RelativeError.of(new float[] {3, 5}, new float[] {3, 4})).isEqualTo(0.2);
    assertThat(RelativeError.of(new float[] {3, 4}, new float[] {0, 0})).isEqualTo(5);
    GoldenFile golden = new GoldenFile(folder, folder.resolve("x.safetensors"));
    double error = RelativeError.of(new float[] {Float.NaN}, new float[] {1});
    assertThat(ParityRow.compared(golden, "x", error, 1).verdict()).isEqualTo(Verdict.FAILED);
    assertThatThrownBy(() -> RelativeError.of(new float[1], new float[2]))
        .isInstanceOf(EngineException.class);
  }

  private List<ParityRow> run() {
    return new ParitySuite(ParitySuite.EVERYTHING)
        .run(folder, new ParitySettings(kernels, ComputeType.FP32));
  }

  private void copyEncoder(String family) throws IOException {
    Path encoder = Files.createDirectories(folder.resolve(family).resolve("text_encoder"));
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.copy(FIXTURES.resolve("sd15-tiny/text_encoder").resolve(file), encoder.resolve(file));
    }
    copyTokenizer(folder.resolve(family).resolve("tokenizer"));
  }

  private static void copyTokenizer(Path to) throws IOException {
    Files.createDirectories(to);
    for (String file : List.of("vocab.json", "merges.txt", "tokenizer_config.json")) {
      Files.copy(FIXTURES.resolve("tokenizer-clip").resolve(file), to.resolve(file));
    }
  }
}
