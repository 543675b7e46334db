package dev.fresco.platform.health;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Up when a broker answers. */
public final class KafkaHealthIndicator extends AbstractHealthIndicator implements AutoCloseable {
  private final Admin admin;
  private final Duration limit;

  public KafkaHealthIndicator(Admin admin, Duration limit) {
    super("Kafka does not answer");
    this.admin = admin;
    this.limit = limit;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) throws Exception {
    int millis = Math.toIntExact(limit.toMillis());
    var cluster = admin.describeCluster(new DescribeClusterOptions().timeoutMs(millis));
    builder
        .up()
        .withDetail("clusterId", cluster.clusterId().get(millis, TimeUnit.MILLISECONDS))
        .withDetail("brokers", cluster.nodes().get(millis, TimeUnit.MILLISECONDS).size());
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
