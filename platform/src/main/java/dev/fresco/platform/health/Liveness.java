package dev.fresco.platform.health;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.event.ConsumerStoppedEvent;

/**
 * Says so to the liveness probe when a part without which the service is of no use has ended: its
 * loop, or a listener. What it had in hand stays open in Kafka, and goes on when it restarts.
 */
public final class Liveness {
  private static final Logger log = LoggerFactory.getLogger(Liveness.class);

  private final ApplicationEventPublisher application;

  public Liveness(ApplicationEventPublisher application) {
    this.application = application;
  }

  public void broken(String what, Throwable why) {
    log.error("{}: this service must be restarted", what, why);
    AvailabilityChangeEvent.publish(application, this, LivenessState.BROKEN);
  }

  @EventListener
  public void on(ConsumerStoppedEvent stopped) {
    if (stopped.getReason() != ConsumerStoppedEvent.Reason.NORMAL) {
      broken("a Kafka listener stopped: " + stopped.getReason(), null);
    }
  }
}
