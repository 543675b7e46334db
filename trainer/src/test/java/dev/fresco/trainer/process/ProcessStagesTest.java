package dev.fresco.trainer.process;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fresco.planning.pipeline.PipelinePlan;
import dev.fresco.planning.pipeline.Schedule;
import dev.fresco.planning.pipeline.ZeroBubble;
import dev.fresco.trainer.run.Recorder;
import dev.fresco.trainer.run.RunOutcome;
import dev.fresco.trainer.run.RunOutcome.State;
import dev.fresco.trainer.run.RunSettings;
import dev.fresco.trainer.run.RunSettings.Patience;
import dev.fresco.trainer.run.Scenario;
import dev.fresco.trainer.run.TrainingRun;
import dev.fresco.trainer.spec.PipelineSpec;
import dev.fresco.trainer.spec.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessStagesTest {
  private static final Schedule SCHEDULE = ZeroBubble.onePart(2, 4);

  @TempDir Path folder;
  private final Set<Long> killed = new HashSet<>();

  private static TrainingRun training(
      Path folder, String name, long iterations, String option, Recorder told) {
    TrainingSpec spec =
        Scenario.spec(folder, new PipelineSpec(1, SCHEDULE.chunks(), 4), 3e-3, iterations);
    ProcessSettings processes =
        new ProcessSettings(
            List.of(option, "-XX:TieredStopAtLevel=1", "-Dai.djl.offline=true"),
            1,
            folder.resolve("logs"));
    Patience patience = new Patience(Duration.ofMinutes(2), Duration.ofMinutes(1), 1);
    return new TrainingRun(
        spec,
        RunSettings.of(name, "secret", folder.resolve(name), 4).withPatience(patience),
        new ProcessStages(processes),
        PipelinePlan.blocking("ZB-1P", SCHEDULE),
        Optional::empty,
        told);
  }

  /** A coordinator that is to be killed. */
  static final class Coordinator {
    private Coordinator() {}

    public static void main(String[] arguments) throws InterruptedException {
      training(Path.of(arguments[0]), "orphans", 1_000_000, "-Xmx256m", new Recorder()).run();
    }
  }

  private static Stream<ProcessHandle> stages(ProcessHandle coordinator, String name) {
    return coordinator
        .children()
        .filter(
            child ->
                child
                    .info()
                    .arguments()
                    .map(arguments -> List.of(arguments).contains(name))
                    .orElse(false));
  }

  @Test
  void killedStagesDoNotChangeTheLosses() throws InterruptedException {
    Recorder told =
        new Recorder(
            report -> {
              boolean again = report.iteration() == 6 || report.iteration() == 9;
              if (again && killed.add(report.iteration())) {
                String stage = report.iteration() == 6 ? "stage-1" : "stage-0";
                assertThat(stages(ProcessHandle.current(), stage).toList())
                    .singleElement()
                    .satisfies(ProcessHandle::destroyForcibly);
              }
            });
    RunOutcome outcome = training(folder, "killed", 12, "-Xmx256m", told).run();

    assertThat(outcome).isEqualTo(new RunOutcome(State.FINISHED, 12, ""));
    assertThat(told.events)
        .filteredOn(event -> event.startsWith("started"))
        .containsExactly("started 0", "started 4", "started 8");
    assertThat(told.events)
        .filteredOn(event -> event.startsWith("lost"))
        .hasSize(2)
        .allMatch(event -> event.matches("lost: stage \\d has failed: .*"));
    assertThat(stages(ProcessHandle.current(), "stage-0")).isEmpty();
    assertThat(told.allLosses.get(4L)).hasSize(2).containsOnly(told.reports.get(4L).loss());
    Scenario.requireEqual(
        told.losses(),
        Scenario.wholeModel(
            Scenario.spec(folder, new PipelineSpec(1, SCHEDULE.chunks(), 4), 3e-3, 12)));
  }

  @Test
  void processesThatDoNotStartEndTheRun() throws InterruptedException {
    Recorder told = new Recorder();
    RunOutcome outcome = training(folder, "none", 4, "-XX:+NoSuchOption", told).run();

    assertThat(outcome.state()).isEqualTo(State.FAILED);
    assertThat(outcome.reason()).contains("its process has ended with exit value 1");
    assertThat(told.events).hasSize(2);
    assertThat(folder.resolve("logs/stage-0.log")).content().contains("NoSuchOption");
  }

  @Test
  void stagesEndWithTheirCoordinator() throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder =
        new ProcessBuilder(
                java.toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.offline=true",
                Coordinator.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("coordinator.log").toFile());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process coordinator = builder.start();
    List<ProcessHandle> stages;
    try {
      await()
          .atMost(60, SECONDS)
          .until(() -> Files.exists(folder.resolve("orphans/iteration-000000004/manifest.json")));
      stages = coordinator.children().toList();
      assertThat(stages).hasSize(2).allMatch(ProcessHandle::isAlive);
    } finally {
      coordinator.destroyForcibly();
    }

    await().atMost(20, SECONDS).until(() -> stages.stream().noneMatch(ProcessHandle::isAlive));
  }
}
