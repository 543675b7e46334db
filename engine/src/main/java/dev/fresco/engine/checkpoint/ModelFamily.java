package dev.fresco.engine.checkpoint;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checkpoints that are run the same way. */
public enum ModelFamily {
  /** Stable Diffusion 1 and 2. */
  STABLE_DIFFUSION("StableDiffusion", 1, "unet"),

  STABLE_DIFFUSION_XL("StableDiffusionXL", 2, "unet"),

  FLUX("Flux", 2, "transformer");

  /** Pipelines differ in what they are asked, not in the networks that they consist of. */
  private static final List<String> TASKS =
      List.of("", "Img2Img", "Inpaint", "ControlNet", "ControlNetImg2Img", "ControlNetInpaint");

  private final String prefix;
  private final int textEncoders;
  private final String denoiser;

  ModelFamily(String prefix, int textEncoders, String denoiser) {
    this.prefix = prefix;
    this.textEncoders = textEncoders;
    this.denoiser = denoiser;
  }

  /** The networks that a picture needs, by the names of diffusers' pipelines. */
  public List<String> networks() {
    return Stream.concat(numbered("text_encoder"), Stream.of(denoiser, "vae")).toList();
  }

  /** The network that takes the noise away. */
  public String denoiser() {
    return denoiser;
  }

  /** One for each text encoder, in the same order. */
  public List<String> tokenizers() {
    return numbered("tokenizer").toList();
  }

  /** The classes of diffusers' pipelines whose checkpoints belong here. */
  List<String> pipelines() {
    return TASKS.stream().map(task -> prefix + task + "Pipeline").toList();
  }

  /** The class of diffusers' pipeline that paints from words alone. */
  public String pipeline() {
    return pipelines().get(0);
  }

  /** The one whose checkpoints a class of diffusers' pipelines reads. */
  public static Optional<ModelFamily> ofPipeline(String className) {
    return Arrays.stream(values())
        .filter(family -> family.pipelines().contains(className))
        .findFirst();
  }

  static List<String> allPipelines() {
    return Arrays.stream(values()).flatMap(family -> family.pipelines().stream()).toList();
  }

  private Stream<String> numbered(String name) {
    return Stream.of(name, name + "_2").limit(textEncoders);
  }
}
