package dev.fresco.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;

/** The page's own knowledge of the API, run by node against the gateway. */
class StudioTest extends GatewayTest {

  @Test
  void whatThePageKnowsOfTheApiHolds() throws IOException, InterruptedException {
    assumeThat(Arrays.stream(System.getenv("PATH").split(File.pathSeparator)))
        .as("node is not installed: the page's script is not tested")
        .anyMatch(folder -> Path.of(folder, "node").toFile().canExecute());
    Process node =
        new ProcessBuilder(
                "node",
                new ClassPathResource("studio-check/check.mjs").getFile().toString(),
                new ClassPathResource("studio/studio-api.js").getFile().getParent(),
                "http://127.0.0.1:" + port)
            .redirectErrorStream(true)
            .start();
    String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(node.exitValue()).as(said).isZero();
  }
}
