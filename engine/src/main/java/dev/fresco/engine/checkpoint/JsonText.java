package dev.fresco.engine.checkpoint;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON objects that come with a checkpoint. Whoever made the file is not trusted: its length
 * is limited, and so is its nesting (by Jackson); a key that stands twice is refused.
 */
final class JsonText {
  /** Configurations have some thousand bytes, indexes of shards some hundred thousand. */
  static final int LONGEST = 4 << 20;

  private static final int SHOWN = 200;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // Python writes -Infinity
          .build();

  private JsonText() {}

  /**
   * @throws EngineException if the file is missing, unreadable, too long or no JSON object
   */
  static JsonNode read(Path file) {
    return object(file.toString(), bytes(file));
  }

  /**
   * @throws EngineException if the file is missing, unreadable or too long
   */
  static byte[] bytes(Path file) {
    try (InputStream input = Files.newInputStream(file)) {
      byte[] bytes = input.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new EngineException(
            "%s: has %d bytes; at most %d are read"
                .formatted(file, Math.max(Files.size(file), bytes.length), LONGEST));
      }
      return bytes;
    } catch (IOException e) {
      throw new EngineException(file + ": cannot be read: " + e, e);
    }
  }

  /**
   * @param source for errors
   */
  static JsonNode object(String source, byte[] json) {
    try {
      JsonNode root = JSON.readTree(json);
      if (!root.isObject()) {
        throw new EngineException(source + ": is no JSON object");
      }
      return root;
    } catch (JacksonException e) {
      throw new EngineException(source + ": is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** A value as an error message shows it, not too long. */
  static String shown(Object value) {
    String text = String.valueOf(value);
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }
}
