package dev.fresco.router.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the router.
 *
 * @param group consumer group; routers of one group stand by for each other
 * @param workerTimeout age from which a worker's status no longer counts
 * @param modelTimeout how long a job waits for a model that no worker has announced
 * @param modelMemory how long a model counts as announced after a worker last named it
 * @param fetchTime what a recording or a LoRA that a worker does not have is taken to need to get
 *     there
 * @param tick how often time alone is looked at: deadlines, silent workers
 * @param historyMargin how much further back than the oldest pending job a takeover reads, for
 *     clocks that differ
 * @param sendTimeout within which Kafka must take what a pass decided; above the producer's {@code
 *     delivery.timeout.ms}
 * @param tenantWeights share of a tenant relative to the others; 1 for those not named
 */
@ConfigurationProperties("fresco.router")
public record RouterSettings(
    @DefaultValue("router") String group,
    @DefaultValue("10s") Duration workerTimeout,
    @DefaultValue("60s") Duration modelTimeout,
    @DefaultValue("24h") Duration modelMemory,
    @DefaultValue("1s") Duration fetchTime,
    @DefaultValue("200ms") Duration tick,
    @DefaultValue("1m") Duration historyMargin,
    @DefaultValue("35s") Duration sendTimeout,
    Map<String, Double> tenantWeights) {

  public RouterSettings {
    tenantWeights = tenantWeights == null ? Map.of() : Map.copyOf(tenantWeights);
    List<String> problems = new ArrayList<>();
    requirePositive("worker-timeout", workerTimeout, problems);
    requirePositive("model-timeout", modelTimeout, problems);
    requirePositive("model-memory", modelMemory, problems);
    requirePositive("tick", tick, problems);
    requirePositive("send-timeout", sendTimeout, problems);
    requireNotNegative("fetch-time", fetchTime, problems);
    requireNotNegative("history-margin", historyMargin, problems);
    tenantWeights.forEach(
        (tenant, weight) -> {
          if (!(weight > 0) || weight.isInfinite()) {
            problems.add(
                "fresco.router.tenant-weights." + tenant + " is " + weight + "; must be above 0");
          }
        });
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private static void requirePositive(String name, Duration value, List<String> problems) {
    if (value.isZero() || value.isNegative()) {
      problems.add("fresco.router." + name + " is " + value + "; must be above 0s");
    }
  }

  private static void requireNotNegative(String name, Duration value, List<String> problems) {
    if (value.isNegative()) {
      problems.add("fresco.router." + name + " is " + value + "; the least is 0s");
    }
  }
}
