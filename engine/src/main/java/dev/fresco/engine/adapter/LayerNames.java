package dev.fresco.engine.adapter;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * From the names in files to the layers of one network. Underscored names cannot be read back: an
 * underscore may stand for a dot or for itself. So the names of the layers that the network really
 * has are spelt in every way that files do, and looked up.
 */
final class LayerNames {
  private final Map<String, LayerTarget> dotted = new HashMap<>();
  private final Map<String, LayerTarget> underscored = new HashMap<>();
  private final Set<String> ambiguous = new HashSet<>();
  private final boolean text;

  LayerNames(LoraComponent component, NetworkLayers network) {
    this.text = component.readsText();
    Set<String> paths = network.shapes().keySet();
    for (String path : paths) {
      dotted.put(plain(path), LayerTarget.of(path));
    }
    dotted.forEach(this::addUnderscored);
    switch (component) {
      case UNET -> OriginalUNetNames.of(paths).forEach(this::addUnderscored);
      case TRANSFORMER -> OriginalFluxNames.of(paths).forEach(this::addUnderscored);
      case TEXT_ENCODER, TEXT_ENCODER_2 -> {}
    }
  }

  private void addUnderscored(String name, LayerTarget target) {
    String key = name.replace('.', '_');
    if (!target.equals(underscored.getOrDefault(key, target))) {
      ambiguous.add(key);
    }
    underscored.put(key, target);
  }

  /** What a layer is called in a file; empty if the network has none of that name. */
  Optional<LayerTarget> find(LoraSpelling spelling, String name) {
    String plain = plain(name);
    return Optional.ofNullable(
        spelling == LoraSpelling.KOHYA ? underscored.get(plain) : dotted.get(plain));
  }

  /** Whether an underscored name may mean several layers. */
  boolean ambiguous(LoraSpelling spelling, String name) {
    return spelling == LoraSpelling.KOHYA && ambiguous.contains(plain(name));
  }

  /** Text encoders are written with the prefix and without it, in checkpoints as in LoRAs. */
  private String plain(String name) {
    return text && (name.startsWith("text_model.") || name.startsWith("text_model_"))
        ? name.substring("text_model.".length())
        : name;
  }
}
