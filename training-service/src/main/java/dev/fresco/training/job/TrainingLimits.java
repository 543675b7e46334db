package dev.fresco.training.job;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param maxStages pipeline stages of a job
 * @param maxMicrobatches of an iteration
 * @param maxStageMicrobatches stages times microbatches of an iteration: a schedule names each, and
 *     goes through Kafka
 * @param maxIterations of a job
 * @param maxReplicas of a job's pipeline
 * @param maxTrainingLabels of a job
 * @param maxRequestBytes of a request's body, telemetry and data apart
 * @param maxTelemetryBytes of a telemetry request's body
 * @param maxDataBytes of training data, and of what a zip unpacks to
 * @param maxReports in a telemetry request
 * @param maxStreams event streams open at once
 */
@ConfigurationProperties("fresco.limits")
public record TrainingLimits(
    @DefaultValue("64") int maxStages,
    @DefaultValue("4096") int maxMicrobatches,
    @DefaultValue("32768") int maxStageMicrobatches,
    @DefaultValue("1000000000") int maxIterations,
    @DefaultValue("64") int maxReplicas,
    @DefaultValue("32") int maxTrainingLabels,
    @DefaultValue("64KB") DataSize maxRequestBytes,
    @DefaultValue("4MB") DataSize maxTelemetryBytes,
    @DefaultValue("2GB") DataSize maxDataBytes,
    @DefaultValue("256") int maxReports,
    @DefaultValue("1000") int maxStreams) {}
