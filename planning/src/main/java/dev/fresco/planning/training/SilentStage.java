package dev.fresco.planning.training;

/**
 * A stage that has told nothing while others went on.
 *
 * @param iteration the last one that it told of, or -1
 */
public record SilentStage(int replica, int stage, long iteration) {}
