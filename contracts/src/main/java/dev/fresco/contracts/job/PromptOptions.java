package dev.fresco.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.Require;

/**
 * How a job's prompts are read.
 *
 * @param second prompt for the second text encoder, or null for the same
 * @param secondNegative negative prompt for the second text encoder, or null for the same
 * @param clipSkip layers that are left out at the end of a CLIP encoder, beside those that the
 *     model's family leaves out by itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PromptOptions(
    String second, String secondNegative, int clipSkip, LongPrompts longPrompts) {

  /** As the model's family has it; long prompts are cut. */
  public static final PromptOptions DEFAULT = new PromptOptions(null, null, 0, LongPrompts.CUT);

  public PromptOptions {
    Require.atLeast("clipSkip", clipSkip, 0);
    Require.present("longPrompts", longPrompts);
  }
}
