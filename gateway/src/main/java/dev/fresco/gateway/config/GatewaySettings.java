package dev.fresco.gateway.config;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the gateway keeps and sends.
 *
 * @param defaultModel the model of requests that name none, or null: then the only known one
 * @param modelMemory how long a model is on offer after a worker last named it
 * @param sendLimit how long a call waits for Kafka; longer than the producer's own
 *     delivery.timeout.ms, so that its word is final
 * @param viewsKept how long a job can be looked up after its last change, and its pictures are kept
 * @param keysKept how long an idempotency key stands for its job; not longer than its view is kept,
 *     or the job would look as if it had never been sent
 * @param endedStreamsKept how long the events of a job that has ended can be read
 * @param streamCheck how often an open stream looks for news that no message announced
 * @param heartbeat how often an open stream sends a comment
 */
@ConfigurationProperties("fresco.gateway")
public record GatewaySettings(
    String defaultModel,
    @DefaultValue("24h") Duration modelMemory,
    @DefaultValue("15s") Duration sendLimit,
    @DefaultValue("7d") Duration viewsKept,
    @DefaultValue("24h") Duration keysKept,
    @DefaultValue("1h") Duration endedStreamsKept,
    @DefaultValue("5s") Duration streamCheck,
    @DefaultValue("15s") Duration heartbeat) {

  public GatewaySettings {
    if (viewsKept.compareTo(keysKept) < 0) {
      throw new IllegalArgumentException(
          "fresco.gateway.views-kept is "
              + viewsKept
              + "; it must be at least fresco.gateway.keys-kept, "
              + keysKept);
    }
  }
}
