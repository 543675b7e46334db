package dev.fresco.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.kernel.ComputeType;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.text.ClipTextEncoder;
import dev.fresco.engine.unet.UNet;
import dev.fresco.engine.vae.Autoencoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Configurations that ask for sizes which their weights do not have are refused before anything of
 * such a size is made.
 */
class AbsurdSizesTest {
  private static final Path FIXTURES = Path.of("fixtures", "sd15-tiny");
  private static final Pattern WHOLE =
      Pattern.compile("(\"\\w+\": |^    )(\\d+)(?=,?$)", Pattern.MULTILINE);
  private static final List<Integer> SIZES = List.of(ConfigJson.LARGEST_INTEGER, 1, 96);
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

  @ParameterizedTest
  @CsvSource({"unet", "vae", "text_encoder"})
  void areRefusedOrDoNotMatter(String network) throws IOException {
    ComponentFolder sound = new ComponentFolder(FIXTURES.resolve(network));
    for (Path file : sound.files()) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
    Path config = folder.resolve("config.json");
    String text = Files.readString(config);
    int refused = 0;
    for (int size : SIZES) {
      Matcher number = WHOLE.matcher(text);
      while (number.find()) {
        String changed = text.substring(0, number.start(2)) + size + text.substring(number.end(2));
        Files.delete(config);
        Files.writeString(config, changed);
        refused += loads(network) ? 0 : 1;
      }
    }
    assertThat(refused).isGreaterThan(5);
  }

  private boolean loads(String network) {
    ComponentFolder component = new ComponentFolder(folder);
    try {
      switch (network) {
        case "unet" -> UNet.load(component, kernels, ComputeType.FP32).close();
        case "vae" -> Autoencoder.load(component, kernels, ComputeType.FP32).close();
        default -> ClipTextEncoder.load(component, kernels, ComputeType.FP32).close();
      }
      return true;
    } catch (EngineException refusal) {
      assertThat(refusal).hasMessageContaining(folder.toString());
      return false;
    }
  }
}
