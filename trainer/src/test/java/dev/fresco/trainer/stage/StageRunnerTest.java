package dev.fresco.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fresco.engine.HostTensor;
import dev.fresco.engine.kernel.KernelLibrary;
import dev.fresco.engine.training.Microbatch;
import dev.fresco.planning.pipeline.ModelChunks;
import dev.fresco.planning.pipeline.ModelChunks.Layout;
import dev.fresco.planning.pipeline.Operation;
import dev.fresco.planning.pipeline.Operation.Kind;
import dev.fresco.trainer.data.TrainingData;
import dev.fresco.trainer.link.LinkConditions;
import dev.fresco.trainer.link.LinkSample;
import dev.fresco.trainer.link.Message;
import dev.fresco.trainer.link.MessageKey;
import dev.fresco.trainer.link.StageLinks;
import dev.fresco.trainer.run.Scenario;
import dev.fresco.trainer.spec.TrainingSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageRunnerTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static KernelLibrary kernels;

  @TempDir Path folder;
  private final SlowLinks links = new SlowLinks();
  private Instant now = START;
  private TrainingSpec spec;

  @BeforeAll
  static void open() {
    kernels = KernelLibrary.on("cpu");
  }

  @AfterAll
  static void close() {
    kernels.close();
  }

  @BeforeEach
  void describe() {
    spec = Scenario.spec(folder, new ModelChunks(2, 2, Layout.ZIGZAG), 1);
  }

  /** Links on which every message takes a second, and nothing else takes time. */
  private final class SlowLinks implements StageLinks {
    private final List<String> log = new ArrayList<>();

    @Override
    public void send(int toStage, Message message) {
      now = now.plusSeconds(1);
      log.add("to " + toStage + ": " + describe(message.key()));
    }

    @Override
    public HostTensor take(MessageKey key) {
      now = now.plusSeconds(1);
      log.add("take " + describe(key));
      return HostTensor.of(new float[2 * 7 * 8], 2, 7, 8);
    }

    private static String describe(MessageKey key) {
      return "%s of %d for piece %d in iteration %d"
          .formatted(key.kind(), key.microbatch(), key.piece(), key.iteration());
    }

    @Override
    public void delegate(Map<Integer, Integer> delegatesByStage) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void conditions(int toStage, LinkConditions conditions) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<LinkSample> drainSamples() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private static List<Operation> order(String text) {
    return Stream.of(text.split(" ")).map(StageRunnerTest::operation).toList();
  }

  private static Operation operation(String text) {
    String[] parts = text.replaceFirst("(?<=[A-Z])(?=\\d)", " ").split("[ .]");
    Kind kind =
        Stream.of(Kind.values())
            .filter(one -> one.letters().equals(parts[0]))
            .findFirst()
            .orElseThrow();
    return new Operation(
        kind, Integer.parseInt(parts[1]), parts.length > 2 ? Integer.parseInt(parts[2]) : 0);
  }

  private StageIteration run(int stage, String order) throws InterruptedException {
    IntFunction<Microbatch> data = number -> TrainingData.of(spec).microbatch(5, 0, number);
    try (StagePieces pieces = StagePieces.draw(kernels, spec, stage)) {
      StageRunner runner =
          new StageRunner(stage, spec.pipeline().chunks(), pieces.networks(), links, () -> now);
      return runner.run(5, order(order), data);
    }
  }

  @Test
  void aStageInTheMiddleOfAZigzagHandsOverToItself() throws InterruptedException {
    StageIteration done = run(1, "F0 F0.1 B0.1 W0.1 B0 W0");

    assertThat(links.log)
        .containsExactly(
            "take ACTIVATION of 0 for piece 1 in iteration 5",
            "to 0: ACTIVATION of 0 for piece 3 in iteration 5",
            "take GRADIENT of 0 for piece 2 in iteration 5",
            "to 0: GRADIENT of 0 for piece 0 in iteration 5");
    assertThat(done.losses()).isEmpty();
  }

  @Test
  void theStageWithBothEndsHasTheLosses() throws InterruptedException {
    StageIteration done = run(0, "F1 F1.1 BW1.1 F0 BW1 F0.1 BW0.1 BW0");

    assertThat(links.log)
        .containsExactly(
            "to 1: ACTIVATION of 1 for piece 1 in iteration 5",
            "take ACTIVATION of 1 for piece 3 in iteration 5",
            "to 1: GRADIENT of 1 for piece 2 in iteration 5",
            "to 1: ACTIVATION of 0 for piece 1 in iteration 5",
            "take GRADIENT of 1 for piece 0 in iteration 5",
            "take ACTIVATION of 0 for piece 3 in iteration 5",
            "to 1: GRADIENT of 0 for piece 2 in iteration 5",
            "take GRADIENT of 0 for piece 0 in iteration 5");
    assertThat(done.losses()).containsOnlyKeys(0, 1);
  }

  @Test
  void waitsAreNotTimed() throws InterruptedException {
    StageIteration done = run(0, "F0 F0.1 BW0.1 BW0");

    assertThat(done.samples()).extracting(OperationSample::millis).containsOnly(0.0);
    assertThat(done.samples())
        .extracting(sample -> sample.operation().toString())
        .containsExactly("F0", "F0.1", "B0.1", "W0.1", "B0", "W0");
    assertThat(done.samples())
        .extracting(sample -> Duration.between(START, sample.at()).toSeconds())
        .containsExactly(0L, 2L, 2L, 2L, 4L, 4L);
  }

  @Test
  void anOrderThatWaitsForItselfIsNamed() {
    assertThatThrownBy(() -> run(1, "F0.1"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("stage 1 waits for")
        .hasMessageContaining("which it has not made");
  }
}
