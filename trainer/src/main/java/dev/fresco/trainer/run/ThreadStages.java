package dev.fresco.trainer.run;

import dev.fresco.trainer.stage.StageCommand;
import dev.fresco.trainer.stage.StagePlace;
import dev.fresco.trainer.stage.StageReport;
import dev.fresco.trainer.stage.StageWorker;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stages as threads of this process; they still talk over TCP. Each has threads of its own for
 * PyTorch's kernels: where stages are many, start with {@code -Dai.djl.pytorch.num_threads=1}.
 */
public final class ThreadStages implements StageLauncher {
  private static final Logger log = LoggerFactory.getLogger(ThreadStages.class);

  /** For how long an operation that cannot be interrupted is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Override
  public RunningStage launch(int attempt, StagePlace place, Consumer<StageReport> reports) {
    BlockingQueue<StageCommand> commands = new LinkedBlockingQueue<>();
    StageWorker worker = new StageWorker(attempt, place, reports);
    Thread thread = new Thread(() -> worker.run(commands), place.toString());
    thread.setDaemon(true);
    thread.start();
    return new RunningStage() {
      @Override
      public void tell(StageCommand command) {
        commands.add(command);
      }

      @Override
      public void close() {
        end(thread);
      }
    };
  }

  private static void end(Thread thread) {
    thread.interrupt();
    try {
      thread.join(PATIENCE.toMillis());
      if (thread.isAlive()) {
        log.error("{} does not end", thread.getName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
