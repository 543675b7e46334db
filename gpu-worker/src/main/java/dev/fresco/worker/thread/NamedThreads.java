package dev.fresco.worker.thread;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks in their order on a thread of its own, or on a few. When it is closed, tasks that wait
 * are dropped and those that run are awaited, since what they use may be freed next.
 */
public final class NamedThreads implements Executor, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NamedThreads.class);
  private static final long PATIENCE_SECONDS = 60;

  private final String name;
  private final ThreadPoolExecutor executor;

  /**
   * @param count tasks that may run at once
   */
  public NamedThreads(String name, int count) {
    this.name = name;
    this.executor =
        new ThreadPoolExecutor(
            count,
            count,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Thread(task, name),
            // After the close: the job stays open in Kafka and runs elsewhere.
            new ThreadPoolExecutor.DiscardPolicy());
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  @Override
  public void close() {
    executor.shutdown();
    executor.getQueue().clear();
    try {
      if (!executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("{} still works after {} s", name, PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
