package dev.fresco.gateway.stream;

import dev.fresco.contracts.job.JobEvent;

/**
 * An event with its id in the job's stream.
 *
 * @param id as in Redis, {@code <number>-0}; grows along the stream and is the same after Redis was
 *     filled again
 */
public record StreamedEvent(String id, JobEvent event) {}
