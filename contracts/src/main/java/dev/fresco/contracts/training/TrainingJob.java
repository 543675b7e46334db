package dev.fresco.contracts.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.Require;
import java.time.Instant;
import java.util.Map;

/**
 * A pipeline-parallel training job in the registry.
 *
 * @param stages pipeline stages
 * @param microbatches per iteration
 * @param iterations to run
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingJob(
    String id,
    String tenant,
    String name,
    String model,
    int stages,
    int microbatches,
    int iterations,
    Map<String, String> labels,
    State state,
    Instant createdAt,
    Instant stoppedAt) {

  /** {@code CREATED} until a runtime takes it; {@code STOPPED} is final. */
  public enum State {
    CREATED,
    STOPPED
  }

  public TrainingJob {
    Require.text("id", id);
    Require.text("tenant", tenant);
    Require.text("model", model);
    Require.atLeast("stages", stages, 1);
    Require.atLeast("microbatches", microbatches, 1);
    Require.atLeast("iterations", iterations, 1);
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    Require.present("state", state);
    Require.present("createdAt", createdAt);
  }
}
