package dev.fresco.trainer.process;

import dev.fresco.trainer.process.Greeting.Hello;
import dev.fresco.trainer.process.Greeting.Welcome;
import dev.fresco.trainer.stage.StageCommand;
import dev.fresco.trainer.stage.StageReport;
import dev.fresco.trainer.stage.StageWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stage as a process of its own. It lives as long as its connection to the coordinator: when that
 * ends it ends at once, whatever it computes, so that no stage outlives its run.
 */
public final class StageProcess {
  private static final Logger log = LoggerFactory.getLogger(StageProcess.class);
  private static final int COORDINATOR_GONE = 3;

  private StageProcess() {}

  /**
   * @param arguments the coordinator's port on this machine, and the stage's name for people
   */
  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]);
    try (ControlConnection control =
        new ControlConnection(new Socket(InetAddress.getLoopbackAddress(), port))) {
      control.send(new Hello(System.getenv(Greeting.TOKEN)));
      Welcome welcome =
          control
              .receive(Welcome.class)
              .orElseThrow(() -> new IOException("the coordinator has refused this process"));
      BlockingQueue<StageCommand> commands = new LinkedBlockingQueue<>();
      Thread reader = new Thread(() -> read(control, commands), "control");
      reader.setDaemon(true);
      reader.start();
      new StageWorker(welcome.attempt(), welcome.place(), report -> send(control, report))
          .run(commands);
    }
    System.exit(0); // whatever threads are left
  }

  private static void read(ControlConnection control, BlockingQueue<StageCommand> commands) {
    try {
      Optional<StageCommand> command = control.receive(StageCommand.class);
      while (command.isPresent()) {
        commands.add(command.get());
        command = control.receive(StageCommand.class);
      }
    } catch (IOException | RuntimeException e) {
      log.warn("The connection to the coordinator is broken", e);
    }
    Runtime.getRuntime().halt(COORDINATOR_GONE);
  }

  private static void send(ControlConnection control, StageReport report) {
    try {
      control.send(report);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
