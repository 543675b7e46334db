package dev.fresco.gateway.catalogue;

import dev.fresco.contracts.worker.ModelCard;
import dev.fresco.contracts.worker.WorkerStatus;
import dev.fresco.gateway.config.GatewaySettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * The models that workers have announced. What a worker announced last counts even while it is
 * down: a job for its model waits for it. What is older than {@code fresco.gateway.model-memory}
 * does not: the topic keeps the last word of workers that will never return.
 */
@Component
public class ModelCatalogue {
  private final Map<String, WorkerStatus> lastByWorker = new ConcurrentHashMap<>();
  private final Clock clock;
  private final Duration memory;

  public ModelCatalogue(Clock clock, GatewaySettings settings) {
    this.clock = clock;
    this.memory = settings.modelMemory();
  }

  public void announced(WorkerStatus status) {
    lastByWorker.put(status.workerId(), status);
  }

  /** A worker's announcement was taken back for good. */
  public void forget(String workerId) {
    lastByWorker.remove(workerId);
  }

  /** Every model, by id; of a model that several workers serve, the latest card. */
  public List<ModelCard> models() {
    Map<String, ModelCard> cards = new TreeMap<>();
    Instant oldest = clock.instant().minus(memory);
    lastByWorker.values().stream()
        .filter(status -> !status.at().isBefore(oldest))
        .sorted(Comparator.comparing(WorkerStatus::at).thenComparing(WorkerStatus::workerId))
        .flatMap(status -> status.models().stream())
        .forEach(card -> cards.put(card.id(), card));
    return List.copyOf(cards.values());
  }

  public Optional<ModelCard> find(String id) {
    return models().stream().filter(card -> card.id().equals(id)).findFirst();
  }
}
