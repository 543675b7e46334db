package dev.fresco.platform.kafka;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How topics are made. Existing topics keep their replicas and configuration; where they have fewer
 * partitions than is set here, the missing ones are added.
 *
 * @param replicas of each partition
 * @param assignedPartitions of {@code fresco.jobs.assigned}: the most workers that can run at once
 * @param eventPartitions of {@code fresco.jobs.events}
 * @param telemetryPartitions of {@code fresco.training.telemetry}
 */
@ConfigurationProperties("fresco.topics")
public record TopicSettings(
    @DefaultValue("1") short replicas,
    @DefaultValue("12") int assignedPartitions,
    @DefaultValue("6") int eventPartitions,
    @DefaultValue("6") int telemetryPartitions) {}
