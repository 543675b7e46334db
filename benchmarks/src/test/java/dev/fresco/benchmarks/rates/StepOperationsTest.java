package dev.fresco.benchmarks.rates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.fresco.benchmarks.rates.Operation.Attention;
import dev.fresco.benchmarks.rates.Operation.Convolution;
import dev.fresco.benchmarks.rates.Operation.Linear;
import dev.fresco.benchmarks.rates.StepOperations.Pass;
import dev.fresco.engine.checkpoint.ConfigJson;
import dev.fresco.engine.checkpoint.UNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepOperationsTest {
  private static final String STABLE_DIFFUSION =
      """
      {"block_out_channels": [320, 640, 1280, 1280], "cross_attention_dim": 768,
       "attention_head_dim": 8}
      """;

  @TempDir Path folder;

  @Test
  void countsEveryProductOfASmallNetwork() throws IOException {
    Map<Operation, Integer> counts =
        counts(
            """
            {"block_out_channels": [32], "layers_per_block": 1, "cross_attention_dim": 24,
             "attention_head_dim": 4, "down_block_types": ["DownBlock2D"],
             "up_block_types": ["CrossAttnUpBlock2D"]}
            """,
            new Pass(2, 6, 5, 7));

    Map<Operation, Integer> expected = new HashMap<>();
    expected.put(new Linear(2, 32, 128), 1); // time embedding
    expected.put(new Linear(2, 128, 128), 1);
    expected.put(new Convolution(2, 4, 32, 3, 1, 6, 5), 1); // ends
    expected.put(new Convolution(2, 32, 4, 3, 1, 6, 5), 1);
    expected.put(new Linear(2, 128, 32), 5); // five resnets
    expected.put(new Convolution(2, 32, 32, 3, 1, 6, 5), 8); // down 2, middle 4, up 1 + 1
    expected.put(new Convolution(2, 64, 32, 3, 1, 6, 5), 2); // up, with a skip
    expected.put(new Convolution(2, 64, 32, 1, 1, 6, 5), 2);
    expected.put(new Attention(2, 4, 30, 30, 8), 3); // three transformers
    expected.put(new Attention(2, 4, 30, 7, 8), 3);
    expected.put(new Linear(60, 32, 32), 24); // projections 2, first attention 4, second 2
    expected.put(new Linear(60, 32, 256), 3);
    expected.put(new Linear(60, 128, 32), 3);
    assertThat(counts).containsExactlyInAnyOrderEntriesOf(expected);
  }

  /** One row of 64 x 64 latents through Stable Diffusion 1.5, summed by hand. */
  @Test
  void addsUpToTheKnownWork() throws IOException {
    Map<Operation, Integer> counts = counts(STABLE_DIFFUSION, new Pass(1, 64, 64, 77));

    assertThat(StepOperations.total(counts)).isBetween(0.68e12, 0.81e12);
    assertThat(counts).containsEntry(new Attention(1, 8, 4096, 4096, 40), 5);
    assertThat(counts).containsEntry(new Attention(1, 8, 64, 64, 160), 1);
    assertThat(counts).containsEntry(new Convolution(1, 320, 320, 3, 2, 64, 64), 1);
    assertThat(counts).containsEntry(new Convolution(1, 640, 640, 3, 1, 64, 64), 1);
  }

  /** A transformer at the full resolution: 4,096 tokens of 320 channels in 8 heads. */
  @Test
  void aBlockCountsAsByHand() {
    double linear = 2.0 * 4096 * 320 * (320 * (1 + 6 + 1) + 2560 + 1280);
    double attention = 4.0 * 4096 * 320 * (4096 + 77);

    assertThat(linear + attention).isCloseTo(38.66e9, within(0.01e9));
    assertThat(
            8 * new Linear(4096, 320, 320).operations()
                + new Linear(4096, 320, 2560).operations()
                + new Linear(4096, 1280, 320).operations())
        .isEqualTo(linear);
    assertThat(
            new Attention(1, 8, 4096, 4096, 40).operations()
                + new Attention(1, 8, 4096, 77, 40).operations())
        .isEqualTo(attention);
    assertThat(new Convolution(2, 3, 5, 3, 2, 7, 8).operations()).isEqualTo(2.0 * 2 * 16 * 135);
  }

  @Test
  void muchWorkIsMeasuredOnFewerRows() {
    Operation large = new Convolution(8, 320, 320, 3, 1, 64, 64);

    assertThat(large.noMoreThan(large.operations())).isEqualTo(large);
    assertThat(large.noMoreThan(large.operations() / 3))
        .isEqualTo(new Convolution(2, 320, 320, 3, 1, 64, 64));
    assertThat(large.noMoreThan(1)).isEqualTo(new Convolution(1, 320, 320, 3, 1, 64, 64));
    assertThat(new Linear(12, 2, 2).noMoreThan(1)).isEqualTo(new Linear(3, 2, 2));
    assertThat(new Attention(2, 8, 9, 9, 40).noMoreThan(1))
        .isEqualTo(new Attention(1, 8, 9, 9, 40));
  }

  @Test
  void rowsMultiplyTheWork() throws IOException {
    double one = StepOperations.total(counts(STABLE_DIFFUSION, new Pass(1, 32, 48, 77)));
    double eight = StepOperations.total(counts(STABLE_DIFFUSION, new Pass(8, 32, 48, 77)));

    assertThat(eight).isCloseTo(8 * one, within(1.0));
  }

  private Map<Operation, Integer> counts(String config, Pass pass) throws IOException {
    Path file = Files.writeString(folder.resolve("config.json"), config);
    return StepOperations.of(UNetConfig.read(ConfigJson.read(file)), pass);
  }
}
