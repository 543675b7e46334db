package dev.fresco.engine.adapter;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The ways in which LoRA files spell their keys: something for the component, the layer, and a
 * suffix for the half. Which layer of the network an underscored name means is for {@link
 * LayerNames} to say.
 */
public enum LoraSpelling {
  /** {@code unet.down_blocks.….to_q.lora_A.weight}; what diffusers writes today. */
  PEFT(
      List.of(
          new Suffix(".lora_A.weight", LoraHalf.DOWN), new Suffix(".lora_B.weight", LoraHalf.UP))),

  /**
   * {@code unet.….to_q.lora.down.weight}, {@code unet.….processor.to_q_lora.down.weight} and, in
   * text encoders, {@code ….q_proj.lora_linear_layer.down.weight}; what diffusers wrote before.
   */
  DIFFUSERS(
      List.of(
          new Suffix(".lora_linear_layer.down.weight", LoraHalf.DOWN),
          new Suffix(".lora_linear_layer.up.weight", LoraHalf.UP),
          new Suffix(".lora.down.weight", LoraHalf.DOWN),
          new Suffix(".lora.up.weight", LoraHalf.UP),
          new Suffix("_lora.down.weight", LoraHalf.DOWN),
          new Suffix("_lora.up.weight", LoraHalf.UP))),

  /** {@code lora_unet_down_blocks_….to_q.lora_down.weight}; what kohya's trainer writes. */
  KOHYA(
      List.of(
          new Suffix(".lora_down.weight", LoraHalf.DOWN),
          new Suffix(".lora_up.weight", LoraHalf.UP)));

  private static final Suffix ALPHA = new Suffix(".alpha", LoraHalf.ALPHA);

  private static final Map<String, LoraComponent> UNDERSCORED =
      Map.of(
          "lora_unet_", LoraComponent.UNET,
          "lora_transformer_", LoraComponent.TRANSFORMER,
          "lora_te_", LoraComponent.TEXT_ENCODER,
          "lora_te1_", LoraComponent.TEXT_ENCODER,
          "lora_te2_", LoraComponent.TEXT_ENCODER_2);

  /** Beginnings of layer names that only a UNet, or only a transformer, has. */
  private static final Pattern OF_UNETS =
      Pattern.compile(
          "(conv_in|conv_out|time_embedding|add_embedding|down_blocks|mid_block|up_blocks)\\..*"
              + "|conv_in|conv_out");

  private static final Pattern OF_TRANSFORMERS =
      Pattern.compile(
          "(single_)?transformer_blocks[._].*"
              + "|(double|single)_blocks_.*"
              + "|(x_embedder|context_embedder|time_text_embed|norm_out|proj_out)([._].*)?"
              + "|(img_in|txt_in|time_in|vector_in|guidance_in|final_layer)(_.*)?");

  private final List<Suffix> suffixes;

  LoraSpelling(List<Suffix> suffixes) {
    this.suffixes = suffixes;
  }

  private record Suffix(String text, LoraHalf half) {}

  /**
   * A key taken apart.
   *
   * @param layer dotted as in the network in PEFT's and diffusers' spelling, underscored in kohya's
   */
  public record Key(LoraComponent component, String layer, LoraHalf half) {}

  /** The parts of a key, or empty if it is not spelt this way. */
  public Optional<Key> read(String key) {
    for (Suffix suffix : suffixes) {
      if (key.endsWith(suffix.text())) {
        return read(key, suffix);
      }
    }
    return key.endsWith(ALPHA.text()) ? read(key, ALPHA) : Optional.empty();
  }

  private Optional<Key> read(String key, Suffix suffix) {
    String name = key.substring(0, key.length() - suffix.text().length());
    return (this == KOHYA ? underscored(name, suffix.half()) : dotted(name, suffix.half()))
        .filter(parts -> !parts.layer().isEmpty());
  }

  private static Optional<Key> underscored(String name, LoraHalf half) {
    for (Map.Entry<String, LoraComponent> prefix : UNDERSCORED.entrySet()) {
      if (name.startsWith(prefix.getKey()) && name.indexOf('.') < 0) {
        String layer = name.substring(prefix.getKey().length());
        // kohya's trainer says unet for transformers as well.
        boolean transformer =
            prefix.getValue() == LoraComponent.UNET && OF_TRANSFORMERS.matcher(layer).matches();
        return Optional.of(
            new Key(transformer ? LoraComponent.TRANSFORMER : prefix.getValue(), layer, half));
      }
    }
    return Optional.empty();
  }

  private Optional<Key> dotted(String name, LoraHalf half) {
    for (LoraComponent component : LoraComponent.values()) {
      String prefix = component.folder() + ".";
      if (name.startsWith(prefix)) {
        return Optional.of(key(component, name.substring(prefix.length()), half));
      }
    }
    if (OF_UNETS.matcher(name).matches()) {
      return Optional.of(key(LoraComponent.UNET, name, half));
    }
    return OF_TRANSFORMERS.matcher(name).matches()
        ? Optional.of(key(LoraComponent.TRANSFORMER, name, half))
        : Optional.empty();
  }

  private Key key(LoraComponent component, String layer, LoraHalf half) {
    return new Key(component, this == DIFFUSERS ? today(component, layer) : layer, half);
  }

  /**
   * Older files name a layer's attention by its processor, the output without the index that it has
   * in the network, and the text encoders' projections as the UNet's.
   */
  private static String today(LoraComponent component, String layer) {
    String name = layer.replace(".processor.", ".");
    if (!component.readsText()) {
      return name.endsWith(".to_out") ? name + ".0" : name;
    }
    int dot = name.lastIndexOf('.') + 1;
    return switch (name.substring(dot)) {
      case "to_q" -> name.substring(0, dot) + "q_proj";
      case "to_k" -> name.substring(0, dot) + "k_proj";
      case "to_v" -> name.substring(0, dot) + "v_proj";
      case "to_out" -> name.substring(0, dot) + "out_proj";
      default -> name;
    };
  }
}
