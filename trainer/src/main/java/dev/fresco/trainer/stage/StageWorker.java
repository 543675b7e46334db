package dev.fresco.trainer.stage;

import dev.fresco.trainer.stage.StageCommand.Connect;
import dev.fresco.trainer.stage.StageCommand.Open;
import dev.fresco.trainer.stage.StageCommand.Stop;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stage's life: it carries out commands in their order, on one thread, until it is told to stop,
 * is interrupted or fails. It never goes on after a failure, as nobody could say what its weights
 * are worth.
 */
public final class StageWorker {
  private static final Logger log = LoggerFactory.getLogger(StageWorker.class);

  private final int attempt;
  private final StagePlace place;
  private final Consumer<StageReport> reports;

  /**
   * @param attempt of the run
   * @param reports is called from the stage's thread
   */
  public StageWorker(int attempt, StagePlace place, Consumer<StageReport> reports) {
    this.attempt = attempt;
    this.place = place;
    this.reports = reports;
  }

  /** Runs to the end; a failure is reported. */
  public void run(BlockingQueue<StageCommand> commands) {
    try {
      live(commands);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.warn("{} has failed in attempt {}", place, attempt, e);
      report(new StageAnswer.Failed(e.toString()));
    }
  }

  private void live(BlockingQueue<StageCommand> commands) throws InterruptedException {
    Optional<Open> open = first(commands, Open.class);
    if (open.isPresent()) {
      try (OpenStage stage = OpenStage.of(attempt, place, open.get())) {
        report(stage.answer());
        Optional<Connect> connect = first(commands, Connect.class);
        if (connect.isPresent()) {
          serve(stage, connect.get(), commands);
        }
      }
    }
  }

  private void serve(OpenStage open, Connect connect, BlockingQueue<StageCommand> commands)
      throws InterruptedException {
    try (ConnectedStage stage = open.connect(connect)) {
      report(stage.answer());
      StageCommand command = commands.take();
      while (!(command instanceof Stop)) {
        Optional<StageAnswer> answer = stage.carryOut(command);
        answer.ifPresent(this::report);
        command = commands.take();
      }
    }
  }

  /** Empty if the stage is to stop instead. */
  private <C extends StageCommand> Optional<C> first(
      BlockingQueue<StageCommand> commands, Class<C> kind) throws InterruptedException {
    StageCommand command = commands.take();
    if (command instanceof Stop) {
      return Optional.empty();
    }
    if (!kind.isInstance(command)) {
      throw new IllegalStateException(
          "%s waits for %s; %s came".formatted(place, kind.getSimpleName(), command));
    }
    return Optional.of(kind.cast(command));
  }

  private void report(StageAnswer answer) {
    reports.accept(new StageReport(attempt, place, answer));
  }
}
