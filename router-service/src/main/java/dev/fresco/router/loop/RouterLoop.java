package dev.fresco.router.loop;

import dev.fresco.platform.health.Liveness;
import dev.fresco.router.config.RouterSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The one thread that owns the state: takes in what has been posted, then makes one pass over the
 * queue, and so on. What arrives during a pass is taken in together before the next.
 */
@Component
public final class RouterLoop implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(RouterLoop.class);

  /** Before the followers and the listener, and stopped after them. */
  private static final int PHASE = 0;

  private final BlockingQueue<Runnable> mailbox = new LinkedBlockingQueue<>();
  private final Pass pass;
  private final Duration tick;
  private final Liveness liveness;
  private volatile boolean running;
  private Thread thread;

  public RouterLoop(Pass pass, RouterSettings settings, Liveness liveness) {
    this.pass = pass;
    this.liveness = liveness;
    this.tick = settings.tick();
  }

  /** Runs a task on the loop's thread, after those posted before it. */
  public void post(Runnable task) {
    mailbox.add(task);
  }

  /** Computes something on the loop's thread. */
  public <T> CompletableFuture<T> ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    post(
        () -> {
          try {
            answer.complete(question.get());
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  @Override
  public void start() {
    running = true;
    thread = new Thread(this::run, "router-loop");
    thread.setUncaughtExceptionHandler(
        (loop, failure) -> liveness.broken("the router's loop ended", failure));
    thread.start();
  }

  private void run() {
    while (running) {
      try {
        takeIn();
        pass.run();
      } catch (InterruptedException e) {
        log.warn("interrupted; the loop ends");
        running = false;
      } catch (RuntimeException e) {
        // The pass has put the state in doubt where that matters; the next one starts from there.
        log.error("a pass over the queue failed; the next one is due in {}", tick, e);
        pause();
      }
    }
  }

  private void takeIn() throws InterruptedException {
    List<Runnable> tasks = new ArrayList<>();
    Runnable first = mailbox.poll(tick.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      tasks.add(first);
      mailbox.drainTo(tasks);
    }
    for (Runnable task : tasks) {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.error("could not take in an event", e);
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(tick.toMillis());
    } catch (InterruptedException e) {
      running = false;
    }
  }

  @Override
  public void stop() {
    post(() -> running = false);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.warn("a pass is still under way after 30 s; it is interrupted");
      thread.interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
