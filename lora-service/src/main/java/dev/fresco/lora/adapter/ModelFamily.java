package dev.fresco.lora.adapter;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The families of models that adapters are made for, as model cards name them. Told by what a file
 * calls its parts or says of itself, never guessed from sizes: a family stays unknown where nothing
 * names it, and the engine then finds out whether the adapter fits.
 */
enum ModelFamily {
  STABLE_DIFFUSION("stable-diffusion", "(sd[_-]?v?[12]|stable-diffusion-v[12]).*", "(?!)"),
  STABLE_DIFFUSION_XL(
      "stable-diffusion-xl", "(sdxl|stable-diffusion-xl).*", "(lora_te[12]_|text_encoder_2\\.).*"),
  FLUX("flux", "flux.*", "(transformer\\.|lora_unet_(double|single)_blocks_).*");

  private final String wireName;
  private final Pattern says;
  private final Pattern keys;

  /**
   * @param says what the metadata of files trained for it say
   * @param keys that no other family has; {@code (?!)} is none
   */
  ModelFamily(String wireName, String says, String keys) {
    this.wireName = wireName;
    this.says = Pattern.compile(says, Pattern.CASE_INSENSITIVE);
    this.keys = Pattern.compile(keys);
  }

  /**
   * The family of a LoRA.
   *
   * @param keys of its tensors
   * @param baseModel what the file says it was trained on, or null
   */
  static Optional<String> ofLora(Collection<String> keys, String baseModel) {
    return find(FLUX, keys)
        .or(() -> find(STABLE_DIFFUSION_XL, keys))
        .or(() -> baseModel == null ? Optional.empty() : said(baseModel))
        .map(family -> family.wireName);
  }

  private static Optional<ModelFamily> find(ModelFamily family, Collection<String> keys) {
    boolean has = keys.stream().anyMatch(key -> family.keys.matcher(key).matches());
    return has ? Optional.of(family) : Optional.empty();
  }

  private static Optional<ModelFamily> said(String baseModel) {
    for (ModelFamily family : values()) {
      if (family.says.matcher(baseModel).matches()) {
        return Optional.of(family);
      }
    }
    return Optional.empty();
  }

  /**
   * The family of a ControlNet: only those of SDXL are told the size of the picture.
   *
   * @param addition the {@code addition_embed_type} of its config, or null
   */
  static String ofControlNet(String addition) {
    return ("text_time".equals(addition) ? STABLE_DIFFUSION_XL : STABLE_DIFFUSION).wireName;
  }
}
