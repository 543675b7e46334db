package dev.fresco.engine.sampler;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.checkpoint.ConfigJson;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a checkpoint's {@code scheduler_config.json} says, as diffusers wrote it. One file serves
 * every sampler: each reads the keys that its diffusers class knows, takes that class's default for
 * a missing (or null) one, and ignores the others, as {@code from_config} does there.
 *
 * @param source where it came from, for messages
 * @param values the keys that are not null
 */
public record SchedulerConfig(String source, Map<String, JsonNode> values) {
  /** Python writes {@code -Infinity} for the open lower bound of lambda, which plain JSON lacks. */
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  public SchedulerConfig {
    values = Map.copyOf(values);
  }

  /** A configuration that was read already. */
  public static SchedulerConfig of(ConfigJson config) {
    return new SchedulerConfig(config.source(), config.values());
  }

  /**
   * Reads a {@code scheduler_config.json}.
   *
   * @throws EngineException if the file is missing, unreadable or no JSON object
   */
  public static SchedulerConfig read(Path file) {
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException missing) {
      throw new EngineException("scheduler config " + file + " is missing", missing);
    } catch (MalformedInputException binary) {
      throw new EngineException("scheduler config " + file + " is not UTF-8 text", binary);
    } catch (IOException unreadable) {
      throw new EngineException("scheduler config " + file + " cannot be read", unreadable);
    }
  }

  /**
   * Reads the text of a config.
   *
   * @param source where it came from, for messages
   * @throws EngineException if it is no JSON object
   */
  public static SchedulerConfig parse(String source, String json) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    try {
      JsonNode root = JSON.readTree(json);
      if (!root.isObject()) {
        throw new EngineException("scheduler config " + source + " is not a JSON object");
      }
      root.properties().stream()
          .filter(entry -> !entry.getValue().isNull())
          .forEach(entry -> values.put(entry.getKey(), entry.getValue()));
    } catch (JacksonException broken) {
      throw new EngineException(
          "scheduler config " + source + " is not JSON: " + broken.getOriginalMessage(), broken);
    }
    return new SchedulerConfig(source, values);
  }

  /** The scheduler class that the config was written for; empty if it does not say. */
  public String className() {
    return text("_class_name", "");
  }

  /** Whether the model was trained to match a flow, which only flow samplers can follow. */
  boolean ofFlowModel() {
    return className().startsWith("FlowMatch");
  }

  /** A whole number between two limits, both included. */
  int integer(String key, int missing, int least, int most) {
    JsonNode node = values.get(key);
    if (node == null) {
      return missing;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw refusal(key, "must be a whole number");
    }
    int value = node.intValue();
    if (value < least || value > most) {
      throw refusal(key, "must be between " + least + " and " + most);
    }
    return value;
  }

  double real(String key, double missing) {
    JsonNode node = values.get(key);
    if (node == null) {
      return missing;
    }
    if (!node.isNumber() || Double.isNaN(node.doubleValue())) {
      throw refusal(key, "must be a number");
    }
    return node.doubleValue();
  }

  boolean flag(String key, boolean missing) {
    JsonNode node = values.get(key);
    if (node == null) {
      return missing;
    }
    if (!node.isBoolean()) {
      throw refusal(key, "must be true or false");
    }
    return node.booleanValue();
  }

  String text(String key, String missing) {
    JsonNode node = values.get(key);
    if (node == null) {
      return missing;
    }
    if (!node.isString()) {
      throw refusal(key, "must be a text");
    }
    return node.stringValue();
  }

  /** One of an enum's constants, which diffusers writes in lower case. */
  <E extends Enum<E>> E choice(String key, E missing) {
    if (!values.containsKey(key)) {
      return missing;
    }
    E[] constants = missing.getDeclaringClass().getEnumConstants();
    String value = text(key, "");
    return Arrays.stream(constants)
        .filter(constant -> spelled(constant).equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                refusal(
                    key,
                    "must be one of "
                        + Arrays.stream(constants)
                            .map(SchedulerConfig::spelled)
                            .collect(Collectors.joining(", "))));
  }

  /** A list of numbers, or null where the key is missing. */
  double[] reals(String key) {
    JsonNode node = values.get(key);
    if (node == null) {
      return null;
    }
    if (!node.isArray() || node.isEmpty() || !node.valueStream().allMatch(JsonNode::isNumber)) {
      throw refusal(key, "must be a list of numbers");
    }
    return node.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
  }

  /** A list of whole numbers, empty where the key is missing. */
  Set<Integer> integers(String key) {
    JsonNode node = values.get(key);
    if (node == null) {
      return Set.of();
    }
    if (!node.isArray()
        || !node.valueStream()
            .allMatch(each -> each.isIntegralNumber() && each.canConvertToInt())) {
      throw refusal(key, "must be a list of whole numbers");
    }
    return node.valueStream().map(JsonNode::intValue).collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Refuses an option that is set to something which no sampler here does.
   *
   * @param supported the accepted values as JSON texts, without quotes
   */
  void mustBe(String key, String... supported) {
    JsonNode node = values.get(key);
    if (node != null && !(node.isValueNode() && List.of(supported).contains(node.asString()))) {
      throw refusal(
          key,
          supported.length == 0
              ? "is not supported; leave it out"
              : "is not supported; only " + String.join(" or ", supported));
    }
  }

  EngineException refusal(String key, String reason) {
    return new EngineException(
        "scheduler config " + source + ": " + key + " is " + values.get(key) + "; " + reason);
  }

  private static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
