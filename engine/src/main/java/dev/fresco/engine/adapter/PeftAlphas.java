package dev.fresco.engine.adapter;

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
final class PeftAlphas {
  private static final String ENTRY = "lora_adapter_metadata";
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * PEFT takes these names for regular expressions; they come from the file, so here they match as
   * they are.
   */
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_.]{1,300}");

  private final String file;
  private final JsonNode config;

  private PeftAlphas(String file, JsonNode config) {
    this.file = file;
    this.config = config;
  }

  /**
   * @param metadata of the file
   * @throws LoraRefusedException if the entry is there and no JSON object
   */
  static PeftAlphas read(Map<String, String> metadata, String file) {
    String text = metadata.getOrDefault(ENTRY, "{}");
    try {
      JsonNode config = JSON.readTree(text);
      if (!config.isObject()) {
        throw refused(file, "is no JSON object");
      }
      return new PeftAlphas(file, config);
    } catch (JacksonException e) {
      throw refused(file, "is no JSON: " + e.getOriginalMessage());
    }
  }

  /**
   * What a layer's change is scaled by: alpha / rank, or alpha / sqrt(rank) where the file says
   * rsLoRA (arXiv:2312.03732).
   *
   * @param path of the layer in its network
   * @return empty if the metadata does not speak of the component
   */
  OptionalDouble scale(LoraComponent component, String path, int rank) {
    String prefix = component.folder() + ".";
    JsonNode common = config.get(prefix + "lora_alpha");
    if (common == null) {
      return OptionalDouble.empty();
    }
    if (flag(prefix + "use_dora")) {
      throw refused(file, "says use_dora; only plain LoRAs are supported");
    }
    double alpha = number(prefix + "lora_alpha", common);
    for (Map.Entry<String, JsonNode> pattern : patterns(prefix + "alpha_pattern").entrySet()) {
      if (path.equals(pattern.getKey()) || path.endsWith("." + pattern.getKey())) {
        alpha = number(prefix + "alpha_pattern", pattern.getValue());
        break;
      }
    }
    return OptionalDouble.of(alpha / (flag(prefix + "use_rslora") ? Math.sqrt(rank) : rank));
  }

  private Map<String, JsonNode> patterns(String field) {
    Map<String, JsonNode> patterns = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : config.path(field).properties()) {
      if (!PLAIN_NAME.matcher(entry.getKey()).matches()) {
        throw refused(file, "has a name in " + field + " that is no layer's");
      }
      patterns.put(entry.getKey(), entry.getValue());
    }
    return patterns;
  }

  private boolean flag(String field) {
    return config.path(field).asBoolean(false);
  }

  private double number(String field, JsonNode value) {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw refused(file, "has a value in " + field + " that is no number");
    }
    return value.doubleValue();
  }

  private static LoraRefusedException refused(String file, String problem) {
    return LoraRefusedException.ofFile(file, "metadata entry " + ENTRY + " " + problem);
  }
}
