package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How an original checkpoint names its networks: each has a prefix of its own. Which layout a file
 * has shows by its text encoder.
 */
enum OriginalLayout {
  SD1(
      ModelFamily.STABLE_DIFFUSION,
      List.of(new Part("text_encoder", "cond_stage_model.transformer.", keys -> clip()))),

  SD2(
      ModelFamily.STABLE_DIFFUSION,
      List.of(new Part("text_encoder", "cond_stage_model.model.", keys -> openClip()))),

  XL(
      ModelFamily.STABLE_DIFFUSION_XL,
      List.of(
          new Part("text_encoder", "conditioner.embedders.0.transformer.", keys -> clip()),
          new Part("text_encoder_2", "conditioner.embedders.1.model.", keys -> openClip())));

  private static final List<Part> PICTURE_PARTS =
      List.of(
          new Part("unet", "model.diffusion_model.", OriginalUNetKeys::new),
          new Part("vae", "first_stage_model.", OriginalAutoencoderKeys::new));

  /** What training and other programs leave behind and no picture needs. */
  private static final Pattern NOT_NEEDED =
      Pattern.compile(
          "(?:model_ema|first_stage_model\\.(?:loss|model_ema))\\..*"
              + "|alphas_cumprod|alphas_cumprod_prev|betas|global_step|logvar|lvlb_weights"
              + "|scale_factor|denoiser\\.(?:sigmas|log_sigmas)"
              + "|sqrt_alphas_cumprod|sqrt_one_minus_alphas_cumprod|log_one_minus_alphas_cumprod"
              + "|sqrt_recip_alphas_cumprod|sqrt_recipm1_alphas_cumprod"
              + "|posterior_(?:variance|log_variance_clipped|mean_coef1|mean_coef2)"
              + "|(?:cond_stage_model|conditioner)\\..*\\bposition_ids"
              + "|(?:cond_stage_model|conditioner)\\.(?:.*\\.)?logit_scale"
              + "|cond_stage_model\\.(?:.*\\.)?text_projection(?:\\.weight)?"
              + "|conditioner\\.embedders\\.0\\.(?:.*\\.)?text_projection(?:\\.weight)?");

  private final ModelFamily family;
  private final List<Part> textParts;

  OriginalLayout(ModelFamily family, List<Part> textParts) {
    this.family = family;
    this.textParts = textParts;
  }

  /**
   * A network.
   *
   * @param prefix of its keys, with the dot
   * @param names from all its keys without the prefix
   */
  private record Part(
      String network, String prefix, Function<Collection<String>, OriginalKeys> names) {}

  /**
   * Tells the layout by a file's keys.
   *
   * @throws EngineException if it is none of these
   */
  static OriginalLayout of(TensorSource file) {
    return Arrays.stream(values())
        .filter(
            layout ->
                layout.textParts.stream().allMatch(part -> !keys(file, part.prefix()).isEmpty()))
        .findFirst()
        .orElseThrow(
            () ->
                new EngineException(
                    file.place()
                        + ": is no whole checkpoint in an original layout; keys that tell one are "
                        + Arrays.stream(values()).map(OriginalLayout::markers).toList()));
  }

  ModelFamily family() {
    return family;
  }

  /**
   * Refuses a file that is not whole.
   *
   * @throws EngineException naming a key that belongs to no network, one that stands for the same
   *     tensor as another, or the network that has no tensors
   */
  void requireWhole(TensorSource file) {
    requireKnown(file);
    parts().forEach(part -> views(file, part));
  }

  /**
   * A network's tensors by the name in it.
   *
   * @param network by diffusers' name
   * @throws EngineException as {@link #requireWhole}, of this network
   */
  SortedMap<String, StoredView> views(TensorSource file, String network) {
    return parts().stream()
        .filter(part -> part.network().equals(network))
        .map(part -> views(file, part))
        .findFirst()
        .orElseThrow();
  }

  private List<Part> parts() {
    return Stream.concat(PICTURE_PARTS.stream(), textParts.stream()).toList();
  }

  private void requireKnown(TensorSource file) {
    for (StoredTensor tensor : file.tensors().values()) {
      String key = tensor.name();
      if (!isIgnored(key) && parts().stream().noneMatch(part -> key.startsWith(part.prefix()))) {
        throw unknown(file, tensor);
      }
    }
  }

  private static SortedMap<String, StoredView> views(TensorSource file, Part part) {
    SortedMap<String, StoredView> views = new TreeMap<>();
    Collection<StoredTensor> tensors = keys(file, part.prefix()).values();
    if (tensors.isEmpty()) {
      throw new EngineException(
          "%s: has no %s (keys %s*)".formatted(file.place(), part.network(), part.prefix()));
    }
    OriginalKeys names =
        part.names().apply(tensors.stream().map(tensor -> within(part, tensor)).toList());
    for (StoredTensor tensor : tensors) {
      List<StoredView> found = names.views(within(part, tensor), tensor, file.place(tensor));
      if (found.isEmpty()) {
        throw unknown(file, tensor);
      }
      for (StoredView view : found) {
        StoredView other = views.put(view.seen().name(), view);
        if (other != null) {
          throw new EngineException(
              "%s stands for the same weights as %s, %s"
                  .formatted(file.place(tensor), other.stored().name(), view.seen().name()));
        }
      }
    }
    return views;
  }

  private static String within(Part part, StoredTensor tensor) {
    return tensor.name().substring(part.prefix().length());
  }

  private static SortedMap<String, StoredTensor> keys(TensorSource file, String prefix) {
    SortedMap<String, StoredTensor> keys = new TreeMap<>();
    file.tensors().tailMap(prefix).values().stream()
        .takeWhile(tensor -> tensor.name().startsWith(prefix))
        .filter(tensor -> !isIgnored(tensor.name()))
        .forEach(tensor -> keys.put(tensor.name(), tensor));
    return keys;
  }

  private static boolean isIgnored(String key) {
    return NOT_NEEDED.matcher(key).matches();
  }

  private static EngineException unknown(TensorSource file, StoredTensor tensor) {
    return new EngineException(
        file.place(tensor) + " " + tensor.describe() + " belongs to no network that is known");
  }

  private List<String> markers() {
    return textParts.stream().map(part -> part.prefix() + "*").toList();
  }

  private static OriginalKeys clip() {
    return new OriginalClipKeys();
  }

  private static OriginalKeys openClip() {
    return new OpenClipKeys();
  }
}
