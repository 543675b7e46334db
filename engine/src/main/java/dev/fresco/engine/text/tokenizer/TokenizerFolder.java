package dev.fresco.engine.text.tokenizer;

import dev.fresco.engine.EngineException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads the files of a tokenizer's folder; every failure names the file. */
record TokenizerFolder(Path folder) {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * @throws EngineException if the file is missing or no JSON object
   */
  ObjectNode object(String name) {
    Path file = folder.resolve(name);
    try {
      JsonNode root = JSON.readTree(text(file));
      if (root instanceof ObjectNode object) {
        return object;
      }
      throw new EngineException("tokenizer file " + file + " is not a JSON object");
    } catch (JacksonException broken) {
      throw new EngineException(
          "tokenizer file " + file + " is not JSON: " + broken.getOriginalMessage(), broken);
    }
  }

  Optional<ObjectNode> optionalObject(String name) {
    return Files.exists(folder.resolve(name)) ? Optional.of(object(name)) : Optional.empty();
  }

  /**
   * @throws EngineException if the file is missing or not UTF-8
   */
  List<String> lines(String name) {
    return text(folder.resolve(name)).lines().toList();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException missing) {
      throw new EngineException("tokenizer file " + file + " is missing", missing);
    } catch (MalformedInputException binary) {
      throw new EngineException("tokenizer file " + file + " is not UTF-8 text", binary);
    } catch (IOException unreadable) {
      throw new EngineException("tokenizer file " + file + " cannot be read", unreadable);
    }
  }
}
