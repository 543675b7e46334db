package dev.fresco.router.flow;

import dev.fresco.contracts.Topics;
import dev.fresco.platform.health.Liveness;
import dev.fresco.router.loop.RouterLoop;
import dev.fresco.router.state.RouterState;
import java.util.Collection;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.stereotype.Component;

/**
 * Follows the partition of requests: its owner decides. Before it is given up, the pass under way
 * ends and its commits are made, so that the next owner finds it whole.
 */
@Component
public final class OwnershipFlow implements ConsumerAwareRebalanceListener {
  private static final Logger log = LoggerFactory.getLogger(OwnershipFlow.class);
  private static final TopicPartition REQUESTS = new TopicPartition(Topics.JOBS_REQUESTED, 0);

  /** Below {@code max.poll.interval.ms} and the broker's patience with a rebalance. */
  private static final long HAND_OVER_SECONDS = 40;

  private final RouterState state;
  private final RouterLoop loop;
  private final Liveness liveness;

  public OwnershipFlow(RouterState state, RouterLoop loop, Liveness liveness) {
    this.state = state;
    this.loop = loop;
    this.liveness = liveness;
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    if (partitions.contains(REQUESTS)) {
      try {
        long offset = consumer.position(REQUESTS);
        log.info("this router decides, from request {} on", offset);
        loop.post(() -> state.takeOver(offset));
      } catch (KafkaException unknown) {
        liveness.broken("where to read requests from cannot be learned", unknown);
      }
    }
  }

  @Override
  public void onPartitionsRevokedBeforeCommit(
      Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    handOver(partitions);
  }

  @Override
  public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
    handOver(partitions);
  }

  private void handOver(Collection<TopicPartition> partitions) {
    if (!partitions.contains(REQUESTS)) {
      return;
    }
    var done =
        loop.ask(
            () -> {
              state.handOver();
              return true;
            });
    try {
      done.get(HAND_OVER_SECONDS, TimeUnit.SECONDS);
      log.info("this router stands by");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.error("a pass is still under way after {} s; handed over anyway", HAND_OVER_SECONDS, e);
    }
  }
}
