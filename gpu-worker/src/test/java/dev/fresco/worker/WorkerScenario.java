package dev.fresco.worker;

import static org.awaitility.Awaitility.await;

import dev.fresco.contracts.Topics;
import dev.fresco.contracts.job.JobAssigned;
import dev.fresco.contracts.job.JobCancelRequested;
import dev.fresco.contracts.job.JobEvent;
import dev.fresco.contracts.job.JobKind;
import dev.fresco.contracts.job.JobRequest;
import dev.fresco.contracts.job.Priority;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.embedded.TestBackends;
import dev.fresco.engine.DiffusionModel;
import dev.fresco.platform.PlatformConfiguration;
import dev.fresco.platform.event.EventCodec;
import dev.fresco.platform.recording.RecordingFolder;
import dev.fresco.worker.config.WorkerConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;

/** Workers of a fake model on real Kafka, and the test as their router and their public. */
final class WorkerScenario implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final int LORA_MEMORY = 10_000;

  private final EventCodec codec = new EventCodec();
  private final KafkaProducer<String, String> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", TestBackends.kafka()),
          new StringSerializer(),
          new StringSerializer());
  private final Map<String, ConfigurableApplicationContext> workers = new HashMap<>();
  private final Path objects;
  private EventLog log;

  final CacheOverHttp cache = new CacheOverHttp();

  /** Steps wait for permits of this gate. */
  final Semaphore gate = new Semaphore(0);

  WorkerScenario(Path objects) {
    this.objects = objects;
  }

  @SpringBootConfiguration
  @EnableAutoConfiguration
  @Import({PlatformConfiguration.class, WorkerConfiguration.class})
  static class FakeWorker {
    private final Semaphore gate;

    FakeWorker(Semaphore gate) {
      this.gate = gate;
    }

    @Bean
    DiffusionModel model() {
      return new GatedModel(gate);
    }
  }

  GatedModel model(String id) {
    return (GatedModel) worker(id).getBean(DiffusionModel.class);
  }

  void startWorkerIfAbsent(String id) {
    if (!workers.containsKey(id)) {
      startWorker(id);
    }
  }

  void startWorker(String id) {
    Instant start = Instant.now();
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(FakeWorker.class)
            .properties("spring.config.name=gpu-worker")
            .initializers(starting -> starting.getBeanFactory().registerSingleton("gate", gate))
            .run(
                "--server.port=0",
                "--spring.kafka.bootstrap-servers=" + TestBackends.kafka(),
                "--fresco.objects.directory=" + objects,
                "--fresco.worker.id=" + id,
                "--fresco.worker.grace=0s",
                "--fresco.worker.warm-up=0s",
                "--fresco.worker.adapter-folder=" + objects.resolve("local-copies"),
                "--fresco.worker.lora-memory=" + LORA_MEMORY + "B",
                "--fresco.worker.edit.recording-folder=" + objects.resolve("local-recordings"),
                "--fresco.worker.edit.fetch-wait=2s",
                "--fresco.worker.edit.margin=1",
                "--fresco.worker.edit.break-even=0.5",
                "--fresco.worker.edit.cache-service=" + cache.address(),
                "--spring.kafka.consumer.properties.session.timeout.ms=6000",
                "--spring.kafka.consumer.properties.heartbeat.interval.ms=500");
    workers.put(id, context);
    if (log == null) {
      log = new EventLog(codec);
    }
    // What an earlier worker of this id said last does not count.
    await().atMost(PATIENCE).until(() -> !partitions(id, start).isEmpty());
  }

  ConfigurableApplicationContext worker(String id) {
    return workers.get(id);
  }

  /**
   * What an eviction from the group does to a worker that goes on: its consumer is stopped without
   * the loop's knowledge, and joins again with all partitions.
   */
  void loseAndRegainPartitions(String id) {
    var containers = worker(id).getBean(KafkaListenerEndpointRegistry.class);
    var container = containers.getListenerContainer("job-assigned");
    container.stop();
    container.start();
    await().atMost(PATIENCE).until(() -> !partitions(id).isEmpty());
  }

  RecordingFolder<?> recordings(String id) {
    return worker(id).getBean(RecordingFolder.class);
  }

  /** Whether a job waits for a place in the batch, as the worker last said. */
  boolean waits(String worker, String jobId) {
    List<WorkerStatus> told = statuses(worker);
    return told.get(told.size() - 1).waiting().stream()
        .anyMatch(waiting -> waiting.jobId().equals(jobId));
  }

  void stopWorker(String id) {
    workers.remove(id).close();
  }

  List<WorkerStatus> statuses(String worker) {
    return log.statuses.stream().filter(status -> status.workerId().equals(worker)).toList();
  }

  List<Integer> partitions(String worker) {
    return partitions(worker, Instant.EPOCH);
  }

  private List<Integer> partitions(String worker, Instant since) {
    return statuses(worker).stream()
        .filter(status -> status.at().isAfter(since))
        .reduce((earlier, later) -> later)
        .map(WorkerStatus::partitions)
        .orElse(List.of());
  }

  static JobRequest request(String prompt, int steps, int count) {
    return request(prompt, 64, steps, count);
  }

  static JobRequest request(String prompt, int side, int steps, int count) {
    return new JobRequest(
        JobKind.TEXT_TO_IMAGE,
        "fake",
        prompt,
        "",
        side,
        side,
        steps,
        5.0,
        "ddim",
        42,
        count,
        Priority.NORMAL,
        null,
        Map.of());
  }

  String assign(JobRequest request, String worker) {
    String jobId = "job_" + UUID.randomUUID();
    assign(jobId, request, worker);
    return jobId;
  }

  void assign(String jobId, JobRequest request, String worker) {
    List<Integer> partitions = partitions(worker);
    int partition = partitions.get(Math.floorMod(jobId.hashCode(), partitions.size()));
    JobAssigned assigned =
        new JobAssigned(jobId, "default", worker, Instant.now(), Instant.now(), request);
    send(new ProducerRecord<>(Topics.JOBS_ASSIGNED, partition, jobId, codec.write(assigned)));
  }

  void cancel(String jobId) {
    String event = codec.write(new JobCancelRequested(jobId, Instant.now()));
    send(new ProducerRecord<>(Topics.JOBS_CANCELLED, jobId, event));
  }

  void send(ProducerRecord<String, String> record) {
    try {
      producer.send(record).get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  List<JobEvent> events(String jobId) {
    return log.events.stream().filter(event -> event.jobId().equals(jobId)).toList();
  }

  List<JobEvent> ends(String jobId) {
    return events(jobId).stream().filter(event -> event.state().isTerminal()).toList();
  }

  JobEvent awaitEnd(String jobId) {
    await().atMost(PATIENCE).until(() -> !ends(jobId).isEmpty());
    return ends(jobId).get(0);
  }

  /** Lets steps go on, one by one, until something holds. */
  void stepUntil(BooleanSupplier condition) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              gate.release();
              return condition.getAsBoolean();
            });
  }

  void awaitSteps(String jobId, int steps) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                events(jobId).stream()
                    .anyMatch(e -> e instanceof JobEvent.Step step && step.stepsDone() >= steps));
  }

  @Override
  public void close() {
    gate.release(1_000_000);
    List.copyOf(workers.keySet()).forEach(this::stopWorker);
    log.close();
    cache.close();
    producer.close();
  }
}
