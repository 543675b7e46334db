package dev.fresco.training.job;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param maxStages pipeline stages of a job
 * @param maxMicrobatches of an iteration
 * @param maxIterations of a job
 * @param maxTrainingLabels of a job
 * @param maxRequestBytes of a request's body
 */
@ConfigurationProperties("fresco.limits")
public record TrainingLimits(
    @DefaultValue("64") int maxStages,
    @DefaultValue("4096") int maxMicrobatches,
    @DefaultValue("1000000000") int maxIterations,
    @DefaultValue("32") int maxTrainingLabels,
    @DefaultValue("64KB") DataSize maxRequestBytes) {}
