package dev.fresco.worker.loop;

import dev.fresco.worker.status.StatusReports;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the loop before the listeners, and stops it after they have: first the worker says that it
 * takes no more, then it ends what it can in the grace period; the rest stays uncommitted, and
 * Kafka hands it to the next owner of its partition.
 */
public final class LoopLifecycle implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(LoopLifecycle.class);

  /** A step cannot be broken off; a stop does not wait for a stuck one for ever. */
  private static final Duration LONGEST_STEP = Duration.ofSeconds(60);

  private final DenoisingLoop loop;
  private final StatusReports status;
  private final Duration grace;
  private final ApplicationEventPublisher application;
  private Thread thread;

  public LoopLifecycle(
      DenoisingLoop loop,
      StatusReports status,
      Duration grace,
      ApplicationEventPublisher application) {
    this.loop = loop;
    this.status = status;
    this.grace = grace;
    this.application = application;
  }

  @Override
  public void start() {
    thread = new Thread(loop, "denoising-loop");
    thread.setUncaughtExceptionHandler((loopThread, failure) -> broken(failure));
    thread.start();
  }

  /** Without its loop the worker is of no use: it takes no more, and asks to be restarted. */
  private void broken(Throwable failure) {
    log.error("the denoising loop ended; its jobs run again when this worker restarts", failure);
    AvailabilityChangeEvent.publish(application, this, LivenessState.BROKEN);
    status.drain();
  }

  @Override
  public void stop() {
    status.drain();
    try {
      if (!loop.awaitIdle(grace)) {
        log.warn("jobs are left after the grace period of {}; they will run again", grace);
      }
      loop.stop();
      thread.join(LONGEST_STEP.toMillis());
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
