package dev.fresco.engine.parity;

import dev.fresco.engine.Conditioning;
import dev.fresco.engine.EngineException;
import dev.fresco.engine.Prompt;
import dev.fresco.engine.Prompt.LongPrompt;
import dev.fresco.engine.TextStates;
import dev.fresco.engine.checkpoint.ModelFamily;
import dev.fresco.engine.text.ClipText;
import dev.fresco.engine.text.FluxPromptEncoder;
import dev.fresco.engine.text.PromptEncoder;
import dev.fresco.engine.text.SdxlPromptEncoder;
import dev.fresco.engine.text.StableDiffusionPromptEncoder;
import dev.fresco.engine.text.T5Text;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * {@code FAMILY.prompts}: whole prompts as a pipeline encodes them. The metadata names the pipeline
 * and lists the cases; tensors are {@code N.states}, {@code N.pooled}, {@code N.negative_states}
 * and {@code N.negative_pooled} of each.
 */
public final class PromptParity implements ParityCheck {
  /** More than any tokenizer's own. */
  private static final int ANY_LENGTH = 512;

  @Override
  public boolean reads(GoldenFile golden) {
    return golden.part().equals("prompts");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    try (GoldenTensors tensors = new GoldenTensors(golden, settings.networkLimit())) {
      String pipeline = tensors.metadata("pipeline").asString("");
      ModelFamily family =
          ModelFamily.ofPipeline(pipeline)
              .orElseThrow(() -> new EngineException(golden.path() + ": pipeline is " + pipeline));
      switch (family) {
        case STABLE_DIFFUSION -> stableDiffusion(golden, settings, tensors);
        case STABLE_DIFFUSION_XL -> sdxl(golden, settings, tensors);
        case FLUX -> flux(golden, settings, tensors);
      }
      return tensors.rows();
    }
  }

  private static void stableDiffusion(
      GoldenFile golden, ParitySettings settings, GoldenTensors tensors) {
    try (ClipText clip = clip(golden, settings, "")) {
      compare(tensors, new StableDiffusionPromptEncoder(clip));
    }
  }

  private static void sdxl(GoldenFile golden, ParitySettings settings, GoldenTensors tensors) {
    try (ClipText first = clip(golden, settings, "");
        ClipText second = clip(golden, settings, "_2")) {
      compare(tensors, new SdxlPromptEncoder(first, second, true));
    }
  }

  private static void flux(GoldenFile golden, ParitySettings settings, GoldenTensors tensors) {
    try (ClipText clip = clip(golden, settings, "");
        T5Text t5 =
            T5Text.load(
                golden.checkpoint().resolve("tokenizer_2"),
                ANY_LENGTH,
                golden.component("text_encoder_2"),
                settings.kernels(),
                settings.computeType())) {
      compare(tensors, new FluxPromptEncoder(clip, t5));
    }
  }

  private static ClipText clip(GoldenFile golden, ParitySettings settings, String ending) {
    return ClipText.load(
        golden.checkpoint().resolve("tokenizer" + ending),
        golden.component("text_encoder" + ending),
        settings.kernels(),
        settings.computeType());
  }

  private static void compare(GoldenTensors tensors, PromptEncoder encoder) {
    JsonNode cases = tensors.metadata("cases");
    for (int i = 0; i < cases.size(); i++) {
      Conditioning made = encoder.encode(prompt(cases.get(i)), List.of());
      compare(tensors, i + ".", made.positive());
      compare(tensors, i + ".negative_", made.negative());
    }
  }

  /** Every reference that there is must have a counterpart. */
  private static void compare(GoldenTensors tensors, String prefix, TextStates made) {
    if (tensors.has(prefix + "states")) {
      tensors.compare(prefix + "states", made.states().data());
    }
    if (tensors.has(prefix + "pooled")) {
      tensors.compare(prefix + "pooled", made.pooled().data());
    }
  }

  private static Prompt prompt(JsonNode one) {
    return new Prompt(
        one.path("text").asString(""),
        one.path("negative").asString(""),
        one.path("second").isNull() ? null : one.path("second").asString(),
        one.path("secondNegative").isNull() ? null : one.path("secondNegative").asString(),
        one.path("clipSkip").asInt(0),
        LongPrompt.valueOf(one.path("longPrompt").asString("CUT")));
  }
}
