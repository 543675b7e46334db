package dev.fresco.trainer.checkpoint;

import java.nio.file.Path;

/**
 * A state of the whole model that is complete on the disk.
 *
 * @param iteration how many iterations are in it, and so the number of the next
 * @param folder of its files
 */
public record Checkpoint(long iteration, Path folder) {}
