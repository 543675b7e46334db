package dev.fresco.worker.assignment;

/** Where a record of {@code fresco.jobs.assigned} stands. */
public record Position(int partition, long offset) {}
