package dev.fresco.engine.parity;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON of a fixtures folder. */
final class GoldenJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private GoldenJson() {}

  /**
   * Reads a JSON object.
   *
   * @throws EngineException if the file is missing, unreadable or no JSON object
   */
  static JsonNode object(Path file) {
    try {
      JsonNode root = parse(file.toString(), Files.readAllBytes(file));
      if (!root.isObject()) {
        throw new EngineException(file + ": is no JSON object");
      }
      return root;
    } catch (IOException e) {
      throw new EngineException(file + ": cannot be read: " + e, e);
    }
  }

  /**
   * Any JSON text.
   *
   * @param source where it came from, for messages
   * @throws EngineException if it is no JSON
   */
  static JsonNode parse(String source, byte[] json) {
    try {
      return JSON.readTree(json);
    } catch (JacksonException e) {
      throw new EngineException(source + ": is no JSON: " + e.getOriginalMessage(), e);
    }
  }
}
