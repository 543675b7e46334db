package dev.fresco.worker.flow;

import dev.fresco.platform.health.Liveness;
import dev.fresco.worker.assignment.AssignedPartitions;
import dev.fresco.worker.loop.DenoisingLoop;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/** The group gave this worker partitions, or took some away. */
public final class PartitionsFlow implements ConsumerAwareRebalanceListener {
  private final AssignedPartitions partitions;
  private final DenoisingLoop loop;
  private final Liveness liveness;

  public PartitionsFlow(AssignedPartitions partitions, DenoisingLoop loop, Liveness liveness) {
    this.partitions = partitions;
    this.loop = loop;
    this.liveness = liveness;
  }

  @Override
  public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> gained) {
    partitions.memberOf(consumer.groupMetadata());
    try {
      var committed = consumer.committed(new HashSet<>(gained));
      var ends = consumer.endOffsets(gained);
      gained.forEach(
          partition ->
              partitions.gained(
                  partition.partition(), committed.get(partition), ends.get(partition)));
    } catch (KafkaException unknown) {
      liveness.broken("what was committed for " + gained + " cannot be read", unknown);
    }
  }

  @Override
  public void onPartitionsRevokedBeforeCommit(
      Consumer<?, ?> consumer, Collection<TopicPartition> revoked) {
    lose(revoked);
  }

  @Override
  public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> lost) {
    lose(lost);
  }

  private void lose(Collection<TopicPartition> gone) {
    Set<Integer> numbers = gone.stream().map(TopicPartition::partition).collect(Collectors.toSet());
    partitions.lost(numbers);
    loop.drop(numbers);
  }
}
