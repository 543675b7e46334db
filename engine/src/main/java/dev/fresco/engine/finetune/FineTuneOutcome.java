package dev.fresco.engine.finetune;

import java.nio.file.Path;

/**
 * What a training came to.
 *
 * @param steps taken in all, earlier runs' too
 * @param finished whether those were all that were asked for; else it was stopped and can go on
 * @param lora the file with the LoRA as it is now; not there if there were no steps
 */
public record FineTuneOutcome(long steps, boolean finished, Path lora) {}
