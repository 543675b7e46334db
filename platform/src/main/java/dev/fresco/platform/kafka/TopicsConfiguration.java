package dev.fresco.platform.kafka;

import dev.fresco.contracts.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;

/** Declares every topic and its dead letters, whichever service starts first. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TopicSettings.class)
public class TopicsConfiguration {

  @Bean
  KafkaAdmin.NewTopics frescoTopics(TopicSettings settings) {
    Declared topics = new Declared(settings.replicas());
    Duration week = Duration.ofDays(7);
    // One partition each for what the router reads in a group: a standby then gets all or nothing.
    topics.kept(Topics.JOBS_REQUESTED, 1, week);
    topics.kept(Topics.JOBS_ASSIGNED, settings.assignedPartitions(), week);
    topics.kept(Topics.JOBS_CANCELLED, 1, Duration.ofDays(1));
    topics.kept(Topics.JOBS_EVENTS, settings.eventPartitions(), week);
    topics.compacted(Topics.WORKERS_STATUS);
    topics.compacted(Topics.TEMPLATES_EVENTS);
    topics.compacted(Topics.ADAPTERS_EVENTS);
    // An event that stops a job does not repeat the job: compacted, the job would be lost.
    topics.kept(Topics.TRAINING_EVENTS, 1, FOR_EVER);
    topics.kept(Topics.TRAINING_TELEMETRY, settings.telemetryPartitions(), week);
    topics.compacted(Topics.TRAINING_PLANS);
    Topics.ALL.forEach(
        topic -> topics.kept(topic + Topics.DEAD_LETTER_SUFFIX, 1, Duration.ofDays(30)));
    return new KafkaAdmin.NewTopics(topics.all.toArray(NewTopic[]::new));
  }

  /** What Kafka takes as no limit. */
  private static final Duration FOR_EVER = Duration.ofMillis(-1);

  /** Records go when their segment is closed and all of it is old: so they go within a day. */
  private static final Duration KEPT_SEGMENT = Duration.ofDays(1);

  /** A segment is compacted when it is closed; workers report once a second. */
  private static final Duration COMPACTED_SEGMENT = Duration.ofMinutes(10);

  private record Declared(short replicas, List<NewTopic> all) {
    Declared(short replicas) {
      this(replicas, new ArrayList<>());
    }

    void kept(String name, int partitions, Duration retention) {
      all.add(
          TopicBuilder.name(name)
              .partitions(partitions)
              .replicas(replicas)
              .config(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(retention.toMillis()))
              .config(TopicConfig.SEGMENT_MS_CONFIG, String.valueOf(KEPT_SEGMENT.toMillis()))
              .build());
    }

    void compacted(String name) {
      all.add(
          TopicBuilder.name(name)
              .partitions(1)
              .replicas(replicas)
              .compact()
              .config(TopicConfig.SEGMENT_MS_CONFIG, String.valueOf(COMPACTED_SEGMENT.toMillis()))
              .build());
    }
  }
}
