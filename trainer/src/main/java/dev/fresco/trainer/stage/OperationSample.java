package dev.fresco.trainer.stage;

import dev.fresco.planning.pipeline.Operation;
import java.time.Instant;

/**
 * What an operation took of a stage's time, without waits for its input or for its output to leave.
 *
 * @param operation a forward, an input gradient or a weight gradient; of a backward both are timed
 * @param at when it began, by a clock that does not go back while the stage runs
 * @param millis at least 0
 */
public record OperationSample(Operation operation, Instant at, double millis) {}
