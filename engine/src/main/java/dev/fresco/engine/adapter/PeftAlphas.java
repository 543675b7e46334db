package dev.fresco.engine.adapter;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The scales that newer diffusers write beside the tensors: PEFT's {@code LoraConfig} as a JSON
 * text in the metadata entry {@code lora_adapter_metadata}, its fields behind the component's
 * prefix ({@code unet.lora_alpha}). Where it speaks of a component, it decides.
 */
public record PeftAlphas(Map<LoraComponent, OfComponent> components) {
  private static final String ENTRY = "lora_adapter_metadata";
  private static final JsonMapper JSON = new JsonMapper();

  public PeftAlphas {
    components = Collections.unmodifiableMap(components);
  }

  /**
   * What it says of one component.
   *
   * @param alpha of all layers but those of the pattern
   * @param pattern alphas by the end of a layer's path, the first that matches counts
   * @param bySquareRoot whether changes are scaled by alpha / sqrt(rank), which is rsLoRA
   *     (arXiv:2312.03732)
   */
  public record OfComponent(double alpha, Map<String, Double> pattern, boolean bySquareRoot) {
    public OfComponent {
      pattern = Collections.unmodifiableMap(new LinkedHashMap<>(pattern));
    }

    double scale(String path, int rank) {
      double chosen =
          pattern.entrySet().stream()
              .filter(each -> path.equals(each.getKey()) || path.endsWith("." + each.getKey()))
              .mapToDouble(Map.Entry::getValue)
              .findFirst()
              .orElse(alpha);
      return chosen / (bySquareRoot ? Math.sqrt(rank) : rank);
    }
  }

  /**
   * @param metadata of the file
   * @param file its name, for errors
   * @throws LoraRefusedException if the entry is there and makes no sense
   */
  static PeftAlphas read(Map<String, String> metadata, String file) {
    Config config = new Config(file, tree(metadata.getOrDefault(ENTRY, "{}"), file));
    Map<LoraComponent, OfComponent> components = new EnumMap<>(LoraComponent.class);
    for (LoraComponent component : LoraComponent.values()) {
      if (config.speaksOf(component)) {
        components.put(component, config.read(component));
      }
    }
    return new PeftAlphas(components);
  }

  private static JsonNode tree(String text, String file) {
    try {
      JsonNode config = JSON.readTree(text);
      if (!config.isObject()) {
        throw refused(file, "is no JSON object");
      }
      return config;
    } catch (JacksonException e) {
      throw refused(file, "is no JSON: " + e.getOriginalMessage());
    }
  }

  /**
   * What a layer's change is scaled by.
   *
   * @param path of the layer in its network
   * @return empty if the metadata does not speak of the component
   */
  OptionalDouble scale(LoraComponent component, String path, int rank) {
    OfComponent said = components.get(component);
    return said == null ? OptionalDouble.empty() : OptionalDouble.of(said.scale(path, rank));
  }

  private static LoraRefusedException refused(String file, String problem) {
    return LoraRefusedException.ofFile(file, "metadata entry " + ENTRY + " " + problem);
  }

  /** The JSON. */
  private record Config(String file, JsonNode json) {
    /**
     * PEFT takes the names of the pattern for regular expressions; they come from the file, so here
     * they match as they are.
     */
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_.]{1,300}");

    boolean speaksOf(LoraComponent component) {
      return json.has(component.folder() + ".lora_alpha");
    }

    OfComponent read(LoraComponent component) {
      String prefix = component.folder() + ".";
      if (flag(prefix + "use_dora")) {
        throw refused(file, "says " + prefix + "use_dora; only plain LoRAs are supported");
      }
      return new OfComponent(
          number(prefix + "lora_alpha", json.get(prefix + "lora_alpha")),
          pattern(prefix + "alpha_pattern"),
          flag(prefix + "use_rslora"));
    }

    private Map<String, Double> pattern(String field) {
      Map<String, Double> pattern = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : json.path(field).properties()) {
        if (!PLAIN_NAME.matcher(entry.getKey()).matches()) {
          throw refused(file, "has a name in " + field + " that is no layer's");
        }
        pattern.put(entry.getKey(), number(field, entry.getValue()));
      }
      return pattern;
    }

    private boolean flag(String field) {
      return json.path(field).asBoolean(false);
    }

    private double number(String field, JsonNode value) {
      if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
        throw refused(file, "has a value in " + field + " that is no number");
      }
      return value.doubleValue();
    }
  }
}
