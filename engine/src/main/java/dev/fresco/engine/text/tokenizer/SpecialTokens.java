package dev.fresco.engine.text.tokenizer;

import dev.fresco.engine.EngineException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Ids around a text: its start, its end, and what fills the rest. */
record SpecialTokens(int start, int end, int padding) {
  private static final String START = "<|startoftext|>";
  private static final String END = "<|endoftext|>";

  /**
   * The tokens by their texts. CLIP's own where a folder says nothing.
   *
   * @param unknown stands for what the vocabulary lacks
   */
  record Names(String start, String end, String padding, String unknown) {

    static Names of(TokenizerFolder files) {
      return new Names(
          name(files, "bos_token", START),
          name(files, "eos_token", END),
          name(files, "pad_token", END),
          name(files, "unk_token", END));
    }

    /** Each once. */
    Set<String> all() {
      return new LinkedHashSet<>(List.of(start, end, padding, unknown));
    }
  }

  /**
   * Looks the tokens up in a tokenizer's definition.
   *
   * @param source the file to name where one is missing
   */
  static SpecialTokens of(Names names, ObjectNode definition, Path source) {
    return new SpecialTokens(
        id(names.start(), "bos_token", definition, source),
        id(names.end(), "eos_token", definition, source),
        id(names.padding(), "pad_token", definition, source));
  }

  /**
   * A token's text. {@code special_tokens_map.json} comes before {@code tokenizer_config.json};
   * there it is written as a text or as an object that holds it.
   *
   * @param missing what it is where neither names it
   */
  static String name(TokenizerFolder files, String key, String missing) {
    return List.of("special_tokens_map.json", "tokenizer_config.json").stream()
        .map(files::optionalObject)
        .flatMap(Optional::stream)
        .map(source -> source.path(key))
        .map(node -> node.isObject() ? node.path("content") : node)
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue)
        .findFirst()
        .orElse(missing);
  }

  /**
   * A token's id in a tokenizer's definition.
   *
   * @param key by which configurations name the token's role
   * @throws EngineException if the definition lacks the token
   */
  static int id(String token, String key, ObjectNode definition, Path source) {
    return definition
        .path("added_tokens")
        .valueStream()
        .filter(added -> added.path("content").asString("").equals(token))
        .map(added -> added.path("id"))
        .findFirst()
        .or(() -> definition.path("model").path("vocab").optional(token))
        .filter(id -> id.isIntegralNumber() && id.canConvertToInt())
        .map(JsonNode::intValue)
        .orElseThrow(
            () -> new EngineException("tokenizer file " + source + " lacks " + key + " " + token));
  }
}
