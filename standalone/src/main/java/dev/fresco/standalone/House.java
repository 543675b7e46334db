package dev.fresco.standalone;

import dev.fresco.cache.CacheApplication;
import dev.fresco.embedded.EmbeddedKafka;
import dev.fresco.embedded.EmbeddedRedis;
import dev.fresco.embedded.FreePort;
import dev.fresco.gateway.GatewayApplication;
import dev.fresco.lora.LoraApplication;
import dev.fresco.router.RouterApplication;
import dev.fresco.training.TrainingApplication;
import dev.fresco.worker.WorkerApplication;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Kafka, Redis and the six services in this JVM. The services are the very applications that run
 * apart elsewhere; only their settings differ. Everything listens on loopback.
 */
public final class House implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(House.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Map<Service, Integer> ports = new LinkedHashMap<>();

  private House() {}

  /** The services in the order in which they start: the door opens last. */
  public enum Service {
    ROUTER(RouterApplication.class, "router-service"),
    WORKER(WorkerApplication.class, "gpu-worker"),
    CACHE(CacheApplication.class, "cache-service"),
    LORA(LoraApplication.class, "lora-service"),
    TRAINING(TrainingApplication.class, "training-service"),
    GATEWAY(GatewayApplication.class, "gateway");

    private final Class<?> application;
    private final String configName;

    Service(Class<?> application, String configName) {
      this.application = application;
      this.configName = configName;
    }

    @Override
    public String toString() {
      return configName;
    }
  }

  /**
   * Starts everything, and returns when the gateway takes calls.
   *
   * @param settings where things lie and listen
   * @param progress is told what starts
   */
  public static House start(HouseSettings settings, Consumer<String> progress) {
    House house = new House();
    try {
      house.open(DataLock.acquire(settings.data()));
      house.choosePorts(settings.port());
      progress.accept("Kafka and Redis");
      int redisPort = FreePort.find();
      int kafkaPort = FreePort.find();
      var redis =
          CompletableFuture.supplyAsync(
              () -> EmbeddedRedis.start(settings.data().resolve("redis"), redisPort));
      house.open(EmbeddedKafka.start(settings.data().resolve("kafka"), kafkaPort, FreePort.find()));
      house.open(redis.join());
      for (Service service : Service.values()) {
        progress.accept(service.toString());
        house.start(service, house.arguments(service, settings, kafkaPort, redisPort));
      }
      return house;
    } catch (RuntimeException e) {
      house.close();
      throw e;
    }
  }

  /** The gateway's is the caller's choice; the others take the ports behind it where they can. */
  private void choosePorts(int gatewayPort) {
    if (!FreePort.isFree(gatewayPort)) {
      throw new IllegalStateException(
          "port " + gatewayPort + " is taken; choose another with --port");
    }
    int next = gatewayPort;
    for (Service service : Service.values()) {
      if (service != Service.GATEWAY) {
        next++;
        ports.put(service, FreePort.isFree(next) ? next : FreePort.find());
      }
    }
    ports.put(Service.GATEWAY, gatewayPort);
  }

  private List<String> arguments(
      Service service, HouseSettings settings, int kafkaPort, int redisPort) {
    Path data = settings.data();
    List<String> arguments = new ArrayList<>();
    arguments.add("--server.address=127.0.0.1");
    arguments.add("--server.port=" + ports.get(service));
    arguments.add("--spring.kafka.bootstrap-servers=127.0.0.1:" + kafkaPort);
    arguments.add("--spring.data.redis.host=127.0.0.1");
    arguments.add("--spring.data.redis.port=" + redisPort);
    arguments.add("--fresco.objects.directory=" + data.resolve("objects"));
    // After a kill the next process need not wait long for the dead one's partitions.
    arguments.add("--spring.kafka.consumer.properties[session.timeout.ms]=6000");
    arguments.add("--spring.kafka.consumer.properties[heartbeat.interval.ms]=1000");
    arguments.add("--fresco.worker.id=worker-0");
    arguments.add("--fresco.worker.model=" + settings.model());
    arguments.add("--fresco.worker.adapter-folder=" + data.resolve("adapters"));
    Path recordings = data.resolve("recordings");
    arguments.add("--fresco.worker.edit.recording-folder=" + recordings.resolve("workers"));
    arguments.add("--fresco.worker.edit.cache-service=" + url(Service.CACHE));
    arguments.add("--fresco.recordings.folder=" + recordings.resolve("cache"));
    arguments.add("--fresco.recordings.address=" + url(Service.CACHE));
    arguments.add("--fresco.training.folder=" + data.resolve("training"));
    arguments.add("--fresco.training.models=" + settings.model().toAbsolutePath().getParent());
    arguments.add("--fresco.training.lora-service=" + url(Service.LORA));
    arguments.add("--fresco.services.cache=" + url(Service.CACHE));
    arguments.add("--fresco.services.lora=" + url(Service.LORA));
    arguments.add("--fresco.services.training=" + url(Service.TRAINING));
    return arguments;
  }

  private void start(Service service, List<String> arguments) {
    ConfigurableApplicationContext context =
        new SpringApplicationBuilder(service.application)
            .main(service.application)
            .properties("spring.config.name=" + service.configName)
            .registerShutdownHook(false)
            .run(arguments.toArray(String[]::new));
    open(context);
  }

  private void open(AutoCloseable part) {
    open.push(part);
  }

  /** Where a service listens. */
  public URI url(Service service) {
    return URI.create("http://127.0.0.1:" + ports.get(service));
  }

  /** Stops in the opposite order, so that nothing is taken in that could not go on. */
  @Override
  public void close() {
    while (!open.isEmpty()) {
      AutoCloseable part = open.pop();
      try {
        part.close();
      } catch (Exception e) {
        log.warn("{} did not stop cleanly", part, e);
      }
    }
  }
}
