package dev.fresco.benchmarks.peer;

import dev.fresco.engine.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One line that the peer answered: an object whose {@code ok} is true. */
final class PeerReply {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonNode root;

  private PeerReply(JsonNode root) {
    this.root = root;
  }

  /**
   * Reads a line.
   *
   * @throws PeerException with the peer's own words if it failed, or with the line if it is no
   *     answer
   */
  static PeerReply parse(String line) {
    JsonNode root;
    try {
      root = JSON.readTree(line);
    } catch (JacksonException e) {
      throw new PeerException("the peer's answer is no JSON: " + line, e);
    }
    if (!root.path("ok").isBoolean()) {
      throw new PeerException("the peer's answer says neither ok nor not: " + line);
    }
    if (!root.path("ok").booleanValue()) {
      throw new PeerException("the peer failed: " + root.path("error").asString("without a word"));
    }
    return new PeerReply(root);
  }

  String text(String key) {
    JsonNode value = root.path(key);
    if (!value.isString()) {
      throw wrong(key, "text");
    }
    return value.stringValue();
  }

  double decimal(String key) {
    JsonNode value = root.path(key);
    if (!value.isNumber()) {
      throw wrong(key, "number");
    }
    return value.doubleValue();
  }

  long[] wholeNumbers(String key) {
    return wholeNumbers(root.path(key), key);
  }

  /** {@code {"shape": [...], "data": little-endian fp32 in base64}}. */
  HostTensor tensor(String key) {
    JsonNode value = root.path(key);
    long[] shape = wholeNumbers(value.path("shape"), key + ".shape");
    if (!value.path("data").isString()) {
      throw wrong(key + ".data", "text");
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(value.path("data").stringValue());
      FloatBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
      float[] data = new float[numbers.remaining()];
      numbers.get(data);
      return new HostTensor(shape, data);
    } catch (IllegalArgumentException e) {
      throw new PeerException("the peer's " + key + " is no tensor: " + e.getMessage(), e);
    }
  }

  private long[] wholeNumbers(JsonNode list, String key) {
    if (!list.isArray() || list.valueStream().anyMatch(each -> !each.canConvertToLong())) {
      throw wrong(key, "list of whole numbers");
    }
    return list.valueStream().mapToLong(JsonNode::longValue).toArray();
  }

  private PeerException wrong(String key, String expected) {
    return new PeerException("the peer's answer has no %s %s: %s".formatted(expected, key, root));
  }
}
