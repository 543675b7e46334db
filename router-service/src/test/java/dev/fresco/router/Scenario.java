package dev.fresco.router;

import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.EditMask;
import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobCancelRequested;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.JobRequested;
import dev.fresco.contracts.job.JobState;
import dev.fresco.contracts.job.Priority;
import dev.fresco.contracts.job.StartImage;
import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.embedded.TestBackends;
import dev.fresco.platform.event.EventCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The world around the router: a gateway that posts jobs, workers that say how they are, and an
 * onlooker that reads what the router wrote. Ids are new in every scenario, because tests share the
 * broker.
 */
final class Scenario implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(20);

  private final String id = UUID.randomUUID().toString().substring(0, 8);
  private final EventCodec codec = new EventCodec();
  private final KafkaProducer<String, String> producer =
      new KafkaProducer<>(
          Map.<String, Object>of("bootstrap.servers", TestBackends.kafka(), "linger.ms", 0),
          new StringSerializer(),
          new StringSerializer());
  private final KafkaConsumer<String, String> onlooker =
      new KafkaConsumer<>(
          Map.<String, Object>of("bootstrap.servers", TestBackends.kafka()),
          new StringDeserializer(),
          new StringDeserializer());
  private final Map<String, List<Placed>> placed = new HashMap<>();
  private final Map<String, List<JobEvent>> events = new HashMap<>();
  private final List<ConsumerRecord<String, String>> deadLetters = new ArrayList<>();

  /** An assignment and the partition that it is on. */
  record Placed(int partition, JobAssigned job) {}

  Scenario() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic :
        List.of(
            Topics.JOBS_ASSIGNED,
            Topics.JOBS_EVENTS,
            Topics.JOBS_REQUESTED + Topics.DEAD_LETTER_SUFFIX)) {
      onlooker
          .partitionsFor(topic)
          .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    }
    onlooker.assign(partitions);
    onlooker.seekToBeginning(partitions);
  }

  String name(String part) {
    return part + "-" + id;
  }

  void post(String jobId, String model) {
    post(jobId, model, 1, null);
  }

  void post(String jobId, String model, int count, Instant deadline) {
    JobRequest request =
        new JobRequest(
            JobKind.TEXT_TO_IMAGE,
            model,
            "a fox",
            "",
            64,
            64,
            10,
            5,
            "ddim",
            1,
            count,
            Priority.NORMAL,
            deadline,
            Map.of());
    send(
        Topics.JOBS_REQUESTED,
        jobId,
        codec.write(new JobRequested(jobId, "tenant", Instant.now(), request, null)));
  }

  /** An edit of a template of 64 pixels. */
  void postEdit(String jobId, String model, String templateSha256, double ratio) {
    JobImage template =
        new JobImage(
            new StoredObject("templates/" + id, templateSha256, 100), "image/png", 64, 64, id);
    JobImage mask =
        new JobImage(
            new StoredObject("masks/" + id, "ab".repeat(32), 10), "image/png", 64, 64, null);
    JobRequest request =
        new JobRequest(
            JobKind.EDIT,
            model,
            "a fox",
            "",
            64,
            64,
            10,
            5,
            "ddim",
            1,
            1,
            Priority.NORMAL,
            null,
            Map.of(),
            null,
            new StartImage(template, 1),
            new EditMask(mask, ratio),
            null,
            null);
    send(
        Topics.JOBS_REQUESTED,
        jobId,
        codec.write(new JobRequested(jobId, "tenant", Instant.now(), request, null)));
  }

  void cancel(String jobId) {
    send(Topics.JOBS_CANCELLED, jobId, codec.write(new JobCancelRequested(jobId, Instant.now())));
  }

  /** A worker with these pictures in its batch, each of a job with one picture. */
  void worker(String workerId, String model, int slots, int partition, String... members) {
    workerAt(Instant.now(), workerId, model, slots, partition, members);
  }

  /** A worker that said this at some time. */
  void workerAt(
      Instant at, String workerId, String model, int slots, int partition, String... members) {
    List<WorkerStatus.Member> batch = new ArrayList<>();
    for (String member : members) {
      batch.add(new WorkerStatus.Member(member, 0, 2, 10, 1.0));
    }
    say(at, workerId, model, slots, partition, batch, 50, List.of());
  }

  /** A worker of 8 slots whose batch has edits of these ratios, each with 8 steps left. */
  void editing(
      String workerId, String model, double stepMillis, List<String> recordings, double... ratios) {
    List<WorkerStatus.Member> batch = new ArrayList<>();
    for (double ratio : ratios) {
      batch.add(new WorkerStatus.Member(name("edit-" + batch.size()), 0, 2, 10, ratio));
    }
    say(Instant.now(), workerId, model, 8, 0, batch, stepMillis, recordings);
  }

  private void say(
      Instant at,
      String workerId,
      String model,
      int slots,
      int partition,
      List<WorkerStatus.Member> batch,
      double stepMillis,
      List<String> recordings) {
    ModelCard card =
        new ModelCard(
            model, "test", "r1", 8, 8, 512, 64, 64, 77, List.of("ddim"), "ddim", 20, 150, 5, 30);
    WorkerStatus status =
        new WorkerStatus(
            workerId,
            at,
            List.of(card),
            List.of("denoise"),
            slots,
            0,
            batch,
            List.of(),
            List.of(partition),
            stepMillis,
            false,
            recordings);
    send(Topics.WORKERS_STATUS, workerId, codec.write(status));
  }

  void event(JobEvent event) {
    send(Topics.JOBS_EVENTS, event.jobId(), codec.write(event));
  }

  void send(String topic, String key, String value) {
    send(new ProducerRecord<>(topic, key, value));
  }

  void assign(int partition, JobAssigned job) {
    send(new ProducerRecord<>(Topics.JOBS_ASSIGNED, partition, job.jobId(), codec.write(job)));
  }

  private void send(ProducerRecord<String, String> sent) {
    try {
      producer.send(sent).get();
    } catch (Exception e) {
      throw new IllegalStateException("Kafka did not take " + sent, e);
    }
  }

  List<Placed> placed(String jobId) {
    look();
    return placed.getOrDefault(jobId, List.of());
  }

  List<JobState> states(String jobId) {
    return events(jobId).stream().map(JobEvent::state).toList();
  }

  List<JobEvent> events(String jobId) {
    look();
    return events.getOrDefault(jobId, List.of());
  }

  List<ConsumerRecord<String, String>> deadLetters(String key) {
    look();
    return deadLetters.stream().filter(read -> key.equals(read.key())).toList();
  }

  void awaitStates(String jobId, JobState... expected) {
    await("states of " + jobId)
        .atMost(SOON)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> states(jobId).equals(List.of(expected)));
  }

  /** Reads what has been written since the last look. */
  private void look() {
    for (ConsumerRecord<String, String> read : onlooker.poll(Duration.ofMillis(10))) {
      switch (read.topic()) {
        case Topics.JOBS_ASSIGNED ->
            take(
                read,
                JobAssigned.class,
                job ->
                    placed
                        .computeIfAbsent(job.jobId(), key -> new ArrayList<>())
                        .add(new Placed(read.partition(), job)));
        case Topics.JOBS_EVENTS ->
            take(
                read,
                JobEvent.class,
                event ->
                    events.computeIfAbsent(event.jobId(), key -> new ArrayList<>()).add(event));
        default -> deadLetters.add(read);
      }
    }
  }

  private <T> void take(ConsumerRecord<String, String> read, Class<T> type, Consumer<T> sink) {
    sink.accept(codec.read(read.value(), type));
  }

  @Override
  public void close() {
    onlooker.close();
    producer.close();
  }
}
