package dev.fresco.worker;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.embedded.TestBackends;
import dev.fresco.platform.event.EventCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Everything that was committed to the topics of events and statuses, as it comes. */
final class EventLog implements AutoCloseable {
  final List<JobEvent> events = new CopyOnWriteArrayList<>();
  final List<WorkerStatus> statuses = new CopyOnWriteArrayList<>();

  private final EventCodec codec;
  private final Thread thread = new Thread(this::follow, "event-log");
  private volatile boolean closed;

  EventLog(EventCodec codec) {
    this.codec = codec;
    thread.start();
  }

  private void follow() {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", TestBackends.kafka(), "isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          Stream.of(Topics.JOBS_EVENTS, Topics.WORKERS_STATUS)
              .flatMap(topic -> consumer.partitionsFor(topic).stream())
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (!closed) {
        consumer.poll(Duration.ofMillis(50)).forEach(this::take);
      }
    }
  }

  private void take(ConsumerRecord<String, String> record) {
    if (record.topic().equals(Topics.JOBS_EVENTS)) {
      events.add(codec.read(record.value(), JobEvent.class));
    } else {
      statuses.add(codec.read(record.value(), WorkerStatus.class));
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
