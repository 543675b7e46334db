package dev.fresco.cache;

import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.template.TemplateEvent;
import dev.fresco.embedded.TestBackends;
import dev.fresco.platform.event.EventCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Reads {@code fresco.templates.events} from its present end on. */
final class TemplateNews implements AutoCloseable {
  private final KafkaConsumer<String, String> consumer;
  private final List<TemplateEvent> read = new ArrayList<>();

  TemplateNews() {
    consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", TestBackends.kafka()),
            new StringDeserializer(),
            new StringDeserializer());
    TopicPartition topic = new TopicPartition(Topics.TEMPLATES_EVENTS, 0);
    consumer.assign(List.of(topic));
    consumer.seekToEnd(List.of(topic));
    consumer.position(topic);
  }

  /** Waits for an event. */
  void awaitEvent(Predicate<TemplateEvent> wanted) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              consumer
                  .poll(Duration.ofMillis(100))
                  .forEach(
                      record ->
                          read.add(new EventCodec().read(record.value(), TemplateEvent.class)));
              return read.stream().anyMatch(wanted);
            });
  }

  void awaitEvicted(String id, TemplateEvent.Reason reason) {
    awaitEvent(
        event ->
            event instanceof TemplateEvent.Evicted evicted
                && evicted.recordingId().equals(id)
                && evicted.reason() == reason);
  }

  /** Puts an event of a template into the topic, as another node does. */
  static void tell(TemplateEvent event) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", TestBackends.kafka()),
            new StringSerializer(),
            new StringSerializer())) {
      String json = new EventCodec().write(event);
      producer.send(new ProducerRecord<>(Topics.TEMPLATES_EVENTS, event.templateId(), json)).get();
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
