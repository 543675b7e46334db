package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * A component's JSON configuration. A key that is absent or null takes the default of the reference
 * implementation; a value of the wrong kind, or one that is not supported, is refused by key and
 * value.
 */
public final class ConfigJson {
  /** Larger sizes are taken for damage: no network has a layer so wide. */
  static final int LARGEST_INTEGER = 1 << 24;

  /** As many resolutions, blocks or classes no network has. */
  private static final int LONGEST_LIST = 1000;

  private final String source;
  private final JsonNode root;

  private ConfigJson(String source, JsonNode root) {
    this.source = source;
    this.root = root;
  }

  /**
   * Reads a file.
   *
   * @throws EngineException if it is missing, unreadable, too long or no JSON object
   */
  public static ConfigJson read(Path file) {
    return new ConfigJson(file.toString(), JsonText.read(file));
  }

  /**
   * A configuration that no file holds.
   *
   * @param source what it was made from, for errors
   */
  static ConfigJson of(String source, Map<String, ?> values) {
    return new ConfigJson(source, JsonMapper.shared().valueToTree(values));
  }

  /** The file's path, or what else the configuration was made from. */
  public String source() {
    return source;
  }

  /** The keys that are not null. */
  public Map<String, JsonNode> values() {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    root.properties().stream()
        .filter(entry -> !entry.getValue().isNull())
        .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
    return Collections.unmodifiableMap(values);
  }

  /** The class that the configuration is for, in diffusers' or transformers' spelling. */
  public String className() {
    return has("_class_name")
        ? text("_class_name", "")
        : texts("architectures", List.of("unknown")).get(0);
  }

  /** A size, or the largest of a list of them. */
  public int largest(String key, int fallback) {
    JsonNode value = value(key);
    return value.isArray()
        ? list(key, value, entry -> whole(key, entry, 1)).stream()
            .max(Integer::compare)
            .orElseThrow()
        : size(key, fallback);
  }

  public boolean has(String key) {
    return !value(key).isMissingNode();
  }

  /** A positive integer. */
  public int size(String key, int fallback) {
    return has(key) ? whole(key, value(key), 1) : fallback;
  }

  /** An integer from 0. */
  public int count(String key, int fallback) {
    return has(key) ? whole(key, value(key), 0) : fallback;
  }

  public double decimal(String key, double fallback) {
    JsonNode value = value(key);
    if (value.isMissingNode()) {
      return fallback;
    }
    if (!value.isNumber() || !Double.isFinite(value.doubleValue(Double.NaN))) {
      throw refused(key, value, "a number");
    }
    return value.doubleValue();
  }

  public boolean flag(String key, boolean fallback) {
    return has(key) ? truth(key, value(key)) : fallback;
  }

  public String text(String key, String fallback) {
    return has(key) ? words(key, value(key)) : fallback;
  }

  /** A list of positive integers. */
  public List<Integer> sizes(String key, List<Integer> fallback) {
    return has(key) ? list(key, value(key), item -> whole(key, item, 1)) : fallback;
  }

  public List<String> texts(String key, List<String> fallback) {
    return has(key) ? list(key, value(key), item -> words(key, item)) : fallback;
  }

  /** One positive integer for all of {@code places}, or a list with one for each. */
  public List<Integer> sizePerPlace(String key, int places, int fallback) {
    return perPlace(key, places, fallback, item -> whole(key, item, 1));
  }

  /** One integer from 0 for all of {@code places}, or a list with one for each. */
  public List<Integer> countPerPlace(String key, int places, int fallback) {
    return perPlace(key, places, fallback, item -> whole(key, item, 0));
  }

  /** One flag for all of {@code places}, or a list with one for each. */
  public List<Boolean> flagPerPlace(String key, int places, boolean fallback) {
    return perPlace(key, places, fallback, item -> truth(key, item));
  }

  /** Refuses the configuration unless the key's text is one of those supported. */
  public String choice(String key, String fallback, List<String> supported) {
    String value = text(key, fallback);
    if (!supported.contains(value)) {
      throw refused(key, value(key), "one of " + supported);
    }
    return value;
  }

  /** Refuses the configuration if one of the keys is set to anything but null, false or 0. */
  public void requireUnset(String... keys) {
    for (String key : keys) {
      JsonNode value = value(key);
      boolean off =
          value.isMissingNode()
              || value.isBoolean() && !value.booleanValue()
              || value.isNumber() && value.doubleValue(Double.NaN) == 0;
      if (!off) {
        throw refused(key, value, "unset");
      }
    }
  }

  /** An error about a key's value. */
  public EngineException refused(String key, Object value, String supported) {
    return new EngineException(
        "%s: %s is %s; supported: %s".formatted(source, key, JsonText.shown(value), supported));
  }

  /** The raw value; missing also where it is null. */
  JsonNode value(String key) {
    JsonNode value = root.path(key);
    return value.isNull() ? MissingNode.getInstance() : value;
  }

  private <T> List<T> perPlace(String key, int places, T fallback, Function<JsonNode, T> read) {
    JsonNode value = value(key);
    if (value.isMissingNode()) {
      return Collections.nCopies(places, fallback);
    }
    if (!value.isArray()) {
      return Collections.nCopies(places, read.apply(value));
    }
    if (value.size() != places) {
      throw refused(key, value, "one value or a list of " + places);
    }
    return list(key, value, read);
  }

  private <T> List<T> list(String key, JsonNode value, Function<JsonNode, T> read) {
    if (!value.isArray() || value.isEmpty() || value.size() > LONGEST_LIST) {
      throw refused(key, value, "a list of 1 to " + LONGEST_LIST);
    }
    return value.valueStream().map(read).toList();
  }

  private int whole(String key, JsonNode value, int least) {
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < least
        || value.intValue() > LARGEST_INTEGER) {
      throw refused(key, value, "an integer from " + least + " to " + LARGEST_INTEGER);
    }
    return value.intValue();
  }

  private boolean truth(String key, JsonNode value) {
    if (!value.isBoolean()) {
      throw refused(key, value, "true or false");
    }
    return value.booleanValue();
  }

  private String words(String key, JsonNode value) {
    if (!value.isString()) {
      throw refused(key, value, "a text");
    }
    return value.stringValue();
  }
}
