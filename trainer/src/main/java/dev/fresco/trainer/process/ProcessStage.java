package dev.fresco.trainer.process;

import dev.fresco.trainer.process.Greeting.Hello;
import dev.fresco.trainer.process.Greeting.Welcome;
import dev.fresco.trainer.run.RunningStage;
import dev.fresco.trainer.stage.StageAnswer;
import dev.fresco.trainer.stage.StageCommand;
import dev.fresco.trainer.stage.StageReport;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * A stage's process and the connection to it. One thread hands it commands, another takes its
 * reports; the stage fails when its connection ends.
 */
final class ProcessStage implements RunningStage {
  private static final Logger log = LoggerFactory.getLogger(ProcessStage.class);

  /** For how long one who connects may take to say who it is. */
  private static final Duration HELLO_LIMIT = Duration.ofSeconds(10);

  /** For how long a process whose connection has ended may take to end itself. */
  private static final Duration LAST_BREATH = Duration.ofSeconds(1);

  private final Process process;
  private final ServerSocket door;
  private final Consumer<StageReport> reports;
  private final BlockingQueue<StageCommand> commands = new LinkedBlockingQueue<>();
  private volatile boolean closing;

  /**
   * @param door where the process connects to; is closed by this
   */
  ProcessStage(Process process, ServerSocket door, Consumer<StageReport> reports) {
    this.process = process;
    this.door = door;
    this.reports = reports;
  }

  void begin(String token, Welcome welcome) {
    // Someone must wake the thread that waits at the door of a process that never comes.
    process.onExit().thenRun(this::closeDoor);
    Thread thread = new Thread(() -> live(token, welcome), "control of " + welcome.place());
    thread.setDaemon(true);
    thread.start();
  }

  private void live(String token, Welcome welcome) {
    String reason = "its connection has ended";
    try (ControlConnection control = admit(token)) {
      control.send(welcome);
      Thread writer = new Thread(() -> write(control), "commands to " + welcome.place());
      writer.setDaemon(true);
      writer.start();
      try {
        Optional<StageReport> report = control.receive(StageReport.class);
        while (report.isPresent()) {
          reports.accept(report.get());
          report = control.receive(StageReport.class);
        }
      } finally {
        writer.interrupt();
      }
    } catch (IOException | RuntimeException e) {
      reason = e.toString();
    }
    if (!closing) {
      reports.accept(
          new StageReport(
              welcome.attempt(), welcome.place(), new StageAnswer.Failed(end() + ": " + reason)));
    }
  }

  /** Sees to it that the process has ended, and says how. */
  private String end() {
    try {
      if (process.waitFor(LAST_BREATH.toMillis(), TimeUnit.MILLISECONDS)) {
        return "its process has ended with exit value " + process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    return "its process was ended";
  }

  /** Waits for the process, and for no one else. */
  private ControlConnection admit(String token) throws IOException {
    while (true) {
      ControlConnection control = new ControlConnection(door.accept());
      if (shows(control, token)) {
        closeDoor();
        return control;
      }
      control.close();
    }
  }

  private static boolean shows(ControlConnection control, String token) throws IOException {
    try {
      control.answerWithin(HELLO_LIMIT);
      Optional<Hello> hello = control.receive(Hello.class);
      control.answerWithin(Duration.ZERO);
      return hello.isPresent() && token.equals(hello.get().token());
    } catch (SocketTimeoutException | JacksonException e) {
      log.warn("Someone else came to the door of a stage's process: {}", e.toString());
      return false;
    }
  }

  private void write(ControlConnection control) {
    try {
      while (true) {
        control.send(commands.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      log.debug("The reading side tells why", e);
    }
  }

  @Override
  public void tell(StageCommand command) {
    commands.add(command);
  }

  private void closeDoor() {
    try {
      door.close();
    } catch (IOException e) {
      log.warn("Cannot close the door of a stage's process", e);
    }
  }

  @Override
  public void close() {
    closing = true;
    process.destroyForcibly();
    closeDoor();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
