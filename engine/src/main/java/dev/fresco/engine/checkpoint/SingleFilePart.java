package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * A network in a file that holds a whole model.
 *
 * @param file the model's
 * @param configFile may not exist
 * @param layout of the file
 * @param network by diffusers' name
 */
record SingleFilePart(Path file, Path configFile, OriginalLayout layout, String network)
    implements Component {
  private static final String OPEN_CLIP_ACTIVATION = "gelu";
  private static final String CLIP_ACTIVATION = "quick_gelu";

  @Override
  public ConfigJson config() {
    if (Files.isRegularFile(configFile)) {
      return ConfigJson.read(configFile);
    }
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      String place = file + " (" + network + ", sizes by its tensors)";
      return ConfigJson.of(place, inferred(new TensorSizes(place, views(opened))));
    }
  }

  @Override
  public TensorSource weights() {
    SafetensorsFile opened = SafetensorsFile.open(file);
    try {
      SortedMap<String, StoredView> views = views(opened);
      if (layout == OriginalLayout.SD2 && network.equals("text_encoder")) {
        dropLayerThatDoesNotRun(views);
      }
      return new TensorView(opened, network, views);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  @Override
  public List<Path> files() {
    return Files.isRegularFile(configFile) ? List.of(configFile, file) : List.of(file);
  }

  private SortedMap<String, StoredView> views(SafetensorsFile opened) {
    if (OriginalLayout.of(opened) != layout) {
      throw new EngineException(file + ": has become another checkpoint since it was opened");
    }
    return layout.views(opened, network);
  }

  private Map<String, Object> inferred(TensorSizes sizes) {
    return switch (network) {
      case "unet" ->
          switch (layout) {
            case SD1 -> new InferredUNet(sizes).config(8, 64);
            case SD2 -> new InferredUNet(sizes).config(0, 96);
            case XL -> new InferredUNet(sizes).config(0, 128);
          };
      case "vae" ->
          new InferredAutoencoder(sizes).config(layout == OriginalLayout.XL ? 0.13025 : 0.18215);
      default -> inferredText(new InferredText(sizes));
    };
  }

  private Map<String, Object> inferredText(InferredText text) {
    boolean openClip = layout == OriginalLayout.SD2 || network.equals("text_encoder_2");
    return text.config(
        layout == OriginalLayout.SD2 ? text.layers() - 1 : text.layers(),
        openClip ? OPEN_CLIP_ACTIVATION : CLIP_ACTIVATION);
  }

  /**
   * Stable Diffusion 2 takes the states before the last layer, which its files hold all the same.
   */
  private void dropLayerThatDoesNotRun(SortedMap<String, StoredView> views) {
    String next = "text_model.encoder.layers." + config().size("num_hidden_layers", 12) + ".";
    views.keySet().removeIf(name -> name.startsWith(next));
  }
}
