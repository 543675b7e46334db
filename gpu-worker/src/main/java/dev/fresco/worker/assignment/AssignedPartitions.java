package dev.fresco.worker.assignment;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.planning.offset.PartitionLedger;
import dev.fresco.platform.event.EventCodec;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * The partitions of {@code fresco.jobs.assigned} that this worker owns, and which of their jobs
 * have ended. A terminal event and the offset that marks its job as done are one Kafka transaction:
 * a worker killed at any point leaves either both or neither.
 *
 * <p>One lock orders transactions against losing a partition: a job ends either before the next
 * owner reads the ledger, or not here.
 */
public final class AssignedPartitions implements AutoCloseable {
  /** Name of the listener through which this worker is a member of the group. */
  public static final String LISTENER = "job-assigned";

  private static final Logger log = LoggerFactory.getLogger(AssignedPartitions.class);

  private final DefaultKafkaProducerFactory<String, String> producers;
  private final KafkaTemplate<String, String> transactions;
  private final EventCodec codec;
  private final Map<Integer, PartitionLedger> ledgers = new TreeMap<>();
  private ConsumerGroupMetadata group;

  /**
   * @param producers of transactions, owned by this from now on
   */
  public AssignedPartitions(
      DefaultKafkaProducerFactory<String, String> producers, EventCodec codec) {
    this.producers = producers;
    this.transactions = new KafkaTemplate<>(producers);
    this.codec = codec;
    // Settles what a killed predecessor left open: until then nobody can read on behind it.
    transactions.executeInTransaction(kafka -> null);
  }

  /**
   * The group gave this worker a partition.
   *
   * @param committed for it, or null
   * @param end one past its last record
   */
  public synchronized void gained(int partition, OffsetAndMetadata committed, long end) {
    PartitionLedger ledger = ledger(partition, committed);
    if (ledger.next() > end) {
      log.warn("partition {} ends at {}, before {}: Kafka lost records", partition, end, ledger);
      ledger = PartitionLedger.restore(Math.min(ledger.offset(), end), "");
    }
    ledgers.put(partition, ledger);
  }

  private static PartitionLedger ledger(int partition, OffsetAndMetadata committed) {
    if (committed == null) {
      return PartitionLedger.empty();
    }
    try {
      return PartitionLedger.restore(committed.offset(), committed.metadata());
    } catch (IllegalArgumentException foreign) {
      log.warn("partition {}: {}; jobs may run again", partition, foreign.getMessage());
      return PartitionLedger.restore(committed.offset(), "");
    }
  }

  /** This worker's standing in its group, which its transactions name, so that a late one fails. */
  public synchronized void memberOf(ConsumerGroupMetadata metadata) {
    group = metadata;
  }

  public synchronized void lost(Collection<Integer> partitions) {
    partitions.forEach(ledgers::remove);
  }

  public synchronized List<Integer> owned() {
    return List.copyOf(ledgers.keySet());
  }

  /** Whether the record's job is to be run: its partition is owned and it has not ended before. */
  public synchronized boolean begin(Position position) {
    PartitionLedger ledger = ledgers.get(position.partition());
    if (ledger == null || ledger.isDone(position.offset())) {
      return false;
    }
    ledgers.put(position.partition(), ledger.begin(position.offset()));
    return true;
  }

  /**
   * Ends a job: sends its terminal event and marks its record as done.
   *
   * @return false if the partition is no longer owned; then another worker runs the job
   */
  public synchronized boolean end(Position position, JobEvent terminal) {
    PartitionLedger ledger = ledgers.get(position.partition());
    if (ledger == null) {
      return false;
    }
    PartitionLedger after = ledger.end(position.offset());
    var partition = new TopicPartition(Topics.JOBS_ASSIGNED, position.partition());
    var offset = new OffsetAndMetadata(after.offset(), after.note());
    transactions.executeInTransaction(
        kafka -> {
          kafka.send(Topics.JOBS_EVENTS, terminal.jobId(), codec.write(terminal));
          kafka.sendOffsetsToTransaction(Map.of(partition, offset), group);
          return null;
        });
    ledgers.put(position.partition(), after);
    return true;
  }

  /** A second record for a job that is in hand already: done without an event. */
  public synchronized void endDuplicate(Position position) {
    ledgers.computeIfPresent(
        position.partition(), (partition, ledger) -> ledger.end(position.offset()));
  }

  @Override
  public void close() {
    producers.destroy();
  }
}
