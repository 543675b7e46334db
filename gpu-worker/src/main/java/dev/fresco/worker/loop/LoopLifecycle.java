package dev.fresco.worker.loop;

import dev.fresco.platform.health.Liveness;
import dev.fresco.worker.assignment.AssignedPartitions;
import dev.fresco.worker.health.EngineHealth;
import dev.fresco.worker.status.StatusReports;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Starts the loop before the listeners, and stops it after they have: first the worker says that it
 * takes no more, then it ends what it can in the grace period; the rest stays uncommitted, and
 * Kafka hands it to the next owner of its partition. A loop that ended or an engine that is broken
 * gives its partitions up at once, with all that is open there.
 */
public final class LoopLifecycle implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(LoopLifecycle.class);

  private final WarmUp warmUp;
  private final DenoisingLoop loop;
  private final StatusReports status;
  private final Duration grace;
  private final Liveness liveness;
  private final EngineHealth engine;
  private final KafkaListenerEndpointRegistry listeners;
  private Thread thread;

  public LoopLifecycle(
      WarmUp warmUp,
      DenoisingLoop loop,
      StatusReports status,
      Duration grace,
      Liveness liveness,
      EngineHealth engine,
      KafkaListenerEndpointRegistry listeners) {
    this.warmUp = warmUp;
    this.loop = loop;
    this.status = status;
    this.grace = grace;
    this.liveness = liveness;
    this.engine = engine;
    this.listeners = listeners;
  }

  @Override
  public void start() {
    thread =
        new Thread(
            () -> {
              warmUp.run();
              loop.run();
            },
            "denoising-loop");
    thread.setUncaughtExceptionHandler(
        (loopThread, failure) -> broken("the denoising loop ended", failure));
    thread.start();
    engine.whenBroken(failure -> broken("job after job failed in the engine", failure));
  }

  private void broken(String what, Throwable failure) {
    liveness.broken(what, failure);
    loop.stop();
    status.drain();
    MessageListenerContainer assigned = listeners.getListenerContainer(AssignedPartitions.LISTENER);
    if (assigned != null) {
      assigned.stop(() -> log.info("partitions are given up"));
    }
  }

  @Override
  public void stop() {
    status.drain();
    loop.drain();
    try {
      if (isRunning() && !loop.awaitIdle(grace)) {
        log.warn("jobs are left after the grace period of {}; they will run again", grace);
      }
      loop.stop();
      // A step cannot be broken off, and its memory must not be freed under it.
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null && thread.isAlive();
  }

  /** Above the listener containers: it stops before they do, so that jobs can still end. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
