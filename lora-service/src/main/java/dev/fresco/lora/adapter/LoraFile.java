package dev.fresco.lora.adapter;

import dev.fresco.engine.adapter.LoraLayer;
import dev.fresco.engine.adapter.LoraListing;
import dev.fresco.engine.adapter.LoraRefusedException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Tells whether a file is a LoRA that the engine reads. Whether its layers are those of a certain
 * model shows when the model loads it.
 */
public final class LoraFile {
  /** Metadata that says what a LoRA was trained on: the model specification's, then kohya's. */
  private static final List<String> BASE_MODEL =
      List.of("modelspec.architecture", "ss_base_model_version");

  private static final int LONGEST_BASE_MODEL = 100;

  private LoraFile() {}

  /**
   * Describes a LoRA.
   *
   * @throws dev.fresco.platform.web.ProblemException 422 naming the key and what is wrong
   */
  public static AdapterDescription describe(TensorListing listing) {
    LoraListing lora = read(listing);
    String baseModel = baseModel(listing.metadata());
    return new AdapterDescription(
        lora.spelling().name().toLowerCase(Locale.ROOT),
        baseModel,
        lora.layers().stream().map(LoraLayer::rank).distinct().sorted().toList(),
        lora.layers().stream()
            .map(layer -> layer.component().folder())
            .distinct()
            .sorted()
            .toList(),
        lora.layers().size(),
        ModelFamily.ofLora(listing.tensors().keySet(), baseModel).orElse(null));
  }

  private static LoraListing read(TensorListing listing) {
    try {
      return LoraListing.of(listing.tensors(), listing.metadata(), Refusal.FILE);
    } catch (LoraRefusedException refused) {
      throw refused.key() == null
          ? Refusal.of(Refusal.FILE, refused.problem())
          : Refusal.ofKey(Refusal.FILE, refused.key(), refused.problem());
    }
  }

  private static String baseModel(Map<String, String> metadata) {
    return BASE_MODEL.stream()
        .map(metadata::get)
        .filter(said -> said != null && !said.isBlank() && said.length() <= LONGEST_BASE_MODEL)
        .filter(said -> said.chars().noneMatch(Character::isISOControl))
        .findFirst()
        .orElse(null);
  }
}
