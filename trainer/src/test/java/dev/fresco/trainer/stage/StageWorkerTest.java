package dev.fresco.trainer.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.pipeline.ModelChunks;
import dev.fresco.trainer.run.Scenario;
import dev.fresco.trainer.stage.StageAnswer.Failed;
import dev.fresco.trainer.stage.StageAnswer.Opened;
import dev.fresco.trainer.stage.StageAnswer.Ready;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StageWorkerTest {
  @TempDir Path folder;
  private final List<StageAnswer> answers = new ArrayList<>();

  private void run(StageCommand... commands) {
    new StageWorker(0, new StagePlace(0, 1), report -> answers.add(report.answer()))
        .run(new LinkedBlockingQueue<>(List.of(commands)));
  }

  private StageCommand open() {
    return new StageCommand.Open(
        "job",
        "secret",
        Duration.ofSeconds(5),
        Scenario.spec(folder, ModelChunks.onePerStage(2), 3));
  }

  private static StageCommand connect(String checkpoint) {
    return new StageCommand.Connect(Map.of(), Map.of(), checkpoint);
  }

  @Test
  void stopsAtAnyTimeWithoutAWord() {
    run(new StageCommand.Stop());
    assertThat(answers).isEmpty();
    run(open(), new StageCommand.Stop());
    assertThat(answers).hasOnlyElementsOfType(Opened.class).hasSize(1);
    run(open(), connect(null), new StageCommand.Stop());
    assertThat(answers.get(2)).isEqualTo(new Ready(0));
    assertThat(answers).hasSize(3);
  }

  private void assertFailed(String... words) {
    StageAnswer last = answers.get(answers.size() - 1);
    assertThat(last)
        .isInstanceOfSatisfying(
            Failed.class, failed -> assertThat(failed.reason()).contains(words));
  }

  @Test
  void saysWhyItFails() {
    run(connect(null));
    assertFailed("stage 1 waits for Open; Connect");
    run(open(), open());
    assertFailed("stage 1 waits for Connect; Open");
    run(open(), connect(null), open());
    assertFailed("is connected and cannot carry out Open");
    run(open(), connect(folder.resolve("none").toString()));
    assertFailed("none/piece-001.safetensors");
    run(open(), connect(null), new StageCommand.Iterate(1));
    assertFailed("asked for iteration 1; its weights have 0");
    run(open(), connect(null), new StageCommand.Step(0, Double.NaN));
    assertFailed("not finite");
  }
}
