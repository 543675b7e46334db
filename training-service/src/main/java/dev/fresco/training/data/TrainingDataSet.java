package dev.fresco.training.data;

import java.time.Instant;

/**
 * Data that jobs can be trained on.
 *
 * @param id follows from the content and the tenant
 */
public record TrainingDataSet(
    String id, String tenant, DataFormat format, long bytes, String sha256, Instant createdAt) {}
