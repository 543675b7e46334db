package dev.fresco.training.job;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.training.TrainingEvent;
import dev.fresco.contracts.training.TrainingJob;
import dev.fresco.platform.catalogue.CatalogueConfiguration;
import dev.fresco.platform.catalogue.CatalogueFollower;
import dev.fresco.platform.event.EventPublisher;
import dev.fresco.platform.web.ProblemException;
import java.time.Duration;
import org.springframework.stereotype.Component;

/**
 * Publishes what happens to training jobs. Several processes may write about one job; what it is
 * after that, only the order of the topic says. So nobody changes the catalogue by himself: who has
 * published waits until the follower has come to his event.
 */
@Component
public final class TrainingJobEvents {
  private static final Duration FOLLOW_LIMIT = Duration.ofSeconds(5);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

  private final EventPublisher events;
  private final CatalogueFollower<TrainingJob> follower;
  private final Duration publishLimit;

  TrainingJobEvents(
      EventPublisher events,
      CatalogueFollower<TrainingJob> follower,
      CatalogueConfiguration.Settings settings) {
    this.events = events;
    this.follower = follower;
    this.publishLimit = settings.publishLimit();
  }

  /**
   * Publishes an event and waits until Kafka has it.
   *
   * @return its offset
   * @throws dev.fresco.platform.event.EventNotSentException if Kafka does not take it in time
   */
  public long publish(TrainingEvent event) {
    return events.publishAndWait(
        Topics.TRAINING_EVENTS, event.trainingJobId(), event, publishLimit);
  }

  /** Publishes an event whose loss does no harm, without waiting. */
  public void tell(TrainingEvent event) {
    events.publish(Topics.TRAINING_EVENTS, event.trainingJobId(), event);
  }

  /**
   * Publishes an event and waits until the catalogue knows it.
   *
   * @throws ProblemException 503 if that takes long; the event stands all the same
   */
  public void publishAndFollow(TrainingEvent event) {
    long offset = publish(event);
    boolean applied;
    try {
      applied = follower.awaitApplied(offset, FOLLOW_LIMIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      applied = false;
    }
    if (!applied) {
      throw ProblemException.unavailable(
          "the call was taken, but what came of it cannot be shown yet", TRY_AGAIN);
    }
  }
}
