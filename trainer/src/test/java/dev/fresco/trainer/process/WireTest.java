package dev.fresco.trainer.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fresco.planning.pipeline.ModelChunks;
import dev.fresco.planning.pipeline.Operation;
import dev.fresco.planning.pipeline.Operation.Kind;
import dev.fresco.trainer.link.LinkConditions;
import dev.fresco.trainer.link.LinkSample;
import dev.fresco.trainer.link.MessageKind;
import dev.fresco.trainer.run.RunSettings;
import dev.fresco.trainer.run.Scenario;
import dev.fresco.trainer.spec.OptimiserSpec;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.spec.TrainingSpec;
import dev.fresco.trainer.stage.OperationSample;
import dev.fresco.trainer.stage.StageAnswer;
import dev.fresco.trainer.stage.StageCommand;
import dev.fresco.trainer.stage.StageCommand.LinkGroup;
import dev.fresco.trainer.stage.StagePlace;
import dev.fresco.trainer.stage.StageReport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes over a control connection comes out as it went in. */
class WireTest {
  @TempDir Path folder;

  private List<StageCommand> commands() {
    PipelineSpec pipeline = new PipelineSpec(1, ModelChunks.onePerStage(2), 4);
    TrainingSpec text = Scenario.spec(folder, pipeline, 1e-3, 5);
    TrainingSpec unclipped =
        new TrainingSpec(
            text.model(),
            text.data(),
            pipeline,
            new OptimiserSpec(text.optimiser().adamW(), Double.POSITIVE_INFINITY),
            -1,
            5);
    Duration limit = Duration.ofMillis(1500);
    return List.of(
        new StageCommand.Open("job", "secret", limit, unclipped),
        new StageCommand.Open("job", "secret", limit, Scenario.pictures(folder, pipeline, 5)),
        new StageCommand.Connect(Map.of(1, 4711), Map.of(), null),
        new StageCommand.Connect(Map.of(), Map.of(0, 4711), "/tmp/a folder"),
        new StageCommand.UsePlan(List.of(new Operation(Kind.BACKWARD, 3, 1)), Map.of(0, 2)),
        new StageCommand.Iterate(Long.MAX_VALUE),
        new StageCommand.Step(3, 0.1 + 0.2),
        new StageCommand.Save(3, "folder"),
        new StageCommand.Impair(
            LinkGroup.REPLICAS, 1, LinkConditions.delayed(Duration.ofMillis(30))),
        new StageCommand.Stop());
  }

  private static List<StageAnswer> answers() {
    Instant at = Instant.parse("2026-01-01T00:00:00.123456789Z");
    return List.of(
        new StageAnswer.Opened(1, 2),
        new StageAnswer.Ready(7),
        new StageAnswer.Computed(
            7,
            new TreeMap<>(Map.of(0, Double.NaN, 1, 1 / 3.0)),
            new TreeMap<>(Map.of(0, Double.POSITIVE_INFINITY)),
            List.of(new OperationSample(new Operation(Kind.FORWARD, 0, 0), at, 0.25)),
            List.of(new LinkSample(1, MessageKind.ACTIVATION, at, 30.5)),
            List.of()),
        new StageAnswer.Saved(7),
        new StageAnswer.Failed("two\nlines"));
  }

  @Test
  void commandsAndReportsSurvive() throws IOException {
    try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ControlConnection one =
            new ControlConnection(new Socket(door.getInetAddress(), door.getLocalPort()));
        ControlConnection other = new ControlConnection(door.accept())) {
      for (StageCommand command : commands()) {
        one.send(command);
        assertThat(other.receive(StageCommand.class)).contains(command);
      }
      for (StageAnswer answer : answers()) {
        StageReport report = new StageReport(2, new StagePlace(1, 3), answer);
        other.send(report);
        assertThat(one.receive(StageReport.class)).contains(report);
      }
      other.close();
      assertThat(one.receive(StageReport.class)).isEmpty();
    }
  }

  @Test
  void secretsAreNotPrinted() {
    assertThat(commands().get(0).toString()).doesNotContain("secret");
    assertThat(RunSettings.of("job", "secret", folder, 5).toString()).doesNotContain("secret");
    assertThat(new Greeting.Hello("secret").toString()).doesNotContain("secret");
  }
}
