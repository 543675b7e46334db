package dev.fresco.trainer.process;

import dev.fresco.trainer.run.RunningStage;
import dev.fresco.trainer.run.StageLauncher;
import dev.fresco.trainer.stage.StageAnswer;
import dev.fresco.trainer.stage.StagePlace;
import dev.fresco.trainer.stage.StageReport;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Stages as processes of this machine, each with this process's Java and class path. */
public final class ProcessStages implements StageLauncher {
  private final ProcessSettings settings;
  private final Supplier<String> tokens;

  public ProcessStages(ProcessSettings settings) {
    this(settings, () -> UUID.randomUUID().toString());
  }

  /**
   * @param tokens a new secret for each process
   */
  ProcessStages(ProcessSettings settings, Supplier<String> tokens) {
    this.settings = settings;
    this.tokens = tokens;
  }

  @Override
  public RunningStage launch(int attempt, StagePlace place, Consumer<StageReport> reports) {
    Consumer<StageAnswer> answers =
        answer -> reports.accept(new StageReport(attempt, place, answer));
    String token = tokens.get();
    try {
      ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      try {
        Process process = start(place, door.getLocalPort(), token);
        ProcessStage stage = new ProcessStage(process, door, reports);
        stage.begin(token, new Greeting.Welcome(attempt, place));
        return stage;
      } catch (IOException | RuntimeException e) {
        door.close();
        throw e;
      }
    } catch (IOException e) {
      answers.accept(new StageAnswer.Failed("its process does not start: " + e));
      return new NeverStarted();
    }
  }

  private Process start(StagePlace place, int port, String token) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>(List.of(java.toString()));
    command.addAll(settings.options());
    command.addAll(
        List.of(
            StageProcess.class.getName(),
            Integer.toString(port),
            place.toString().replace(' ', '-')));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Files.createDirectories(settings.logs());
    File log = settings.logs().resolve(place.toString().replace(' ', '-') + ".log").toFile();
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    Map<String, String> environment = builder.environment();
    environment.put("CLASSPATH", System.getProperty("java.class.path"));
    environment.put(Greeting.TOKEN, token);
    environment.put("OMP_NUM_THREADS", Integer.toString(settings.threads()));
    return builder.start();
  }
}
