package dev.fresco.lora.adapter;

import java.util.Map;
import java.util.Optional;

/**
 * The ways in which LoRA files spell their keys: a prefix for the part of the model, the layer, and
 * a suffix for the half. PEFT writes layers with dots, as diffusers names them; kohya's trainer
 * writes them with underscores, for SDXL in the names of the original checkpoint ({@code
 * input_blocks}).
 */
enum LoraSpelling {
  PEFT(
      ".lora_A.weight",
      ".lora_B.weight",
      Map.of(
          "unet.", "unet",
          "transformer.", "transformer",
          "text_encoder.", "text_encoder",
          "text_encoder_2.", "text_encoder_2")),
  KOHYA(
      ".lora_down.weight",
      ".lora_up.weight",
      Map.of(
          "lora_unet_", "unet",
          "lora_te_", "text_encoder",
          "lora_te1_", "text_encoder",
          "lora_te2_", "text_encoder_2"));

  private static final String ALPHA = ".alpha";

  private final Map<Half, String> suffixes;
  private final Map<String, String> targets;

  LoraSpelling(String down, String up, Map<String, String> targets) {
    this.suffixes = Map.of(Half.DOWN, down, Half.UP, up, Half.ALPHA, ALPHA);
    this.targets = targets;
  }

  /** The tensors of a layer. */
  enum Half {
    /** From the layer's input to the rank: {@code [rank, in]}. */
    DOWN,
    /** From the rank to the layer's output: {@code [out, rank]}. */
    UP,
    /** One number; the change is scaled by alpha / rank. */
    ALPHA
  }

  /**
   * @param layer with its prefix
   * @param target the part of the model
   */
  record Key(String layer, String target, Half half) {}

  /** The parts of a key, or empty if it is not spelt this way. */
  Optional<Key> read(String key) {
    for (Map.Entry<Half, String> suffix : suffixes.entrySet()) {
      for (Map.Entry<String, String> target : targets.entrySet()) {
        int layerEnd = key.length() - suffix.getValue().length();
        if (key.endsWith(suffix.getValue())
            && key.startsWith(target.getKey())
            && layerEnd > target.getKey().length()) {
          return Optional.of(
              new Key(key.substring(0, layerEnd), target.getValue(), suffix.getKey()));
        }
      }
    }
    return Optional.empty();
  }
}
