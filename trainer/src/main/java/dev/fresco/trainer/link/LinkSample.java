package dev.fresco.trainer.link;

import java.time.Instant;

/**
 * How long a message took.
 *
 * @param toStage where the link leads
 * @param at when the message had arrived
 * @param millis from when its transfer began, after any wait in a queue, until it had arrived; of a
 *     message that was sent again, those of the last time
 */
public record LinkSample(int toStage, MessageKind kind, Instant at, double millis) {}
