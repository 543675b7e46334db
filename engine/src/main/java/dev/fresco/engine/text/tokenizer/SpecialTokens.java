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
record SpecialTokens(long start, long end, long padding) {
  private static final String START = "<|startoftext|>";
  private static final String END = "<|endoftext|>";

  /**
   * The tokens by their texts. CLIP's own where a folder says nothing.
   *
   * @param unknown stands for what the vocabulary lacks
   */
  record Names(String start, String end, String padding, String unknown) {

    /** {@code special_tokens_map.json} comes before {@code tokenizer_config.json}. */
    static Names of(TokenizerFolder files) {
      List<ObjectNode> sources =
          List.of("special_tokens_map.json", "tokenizer_config.json").stream()
              .map(files::optionalObject)
              .flatMap(Optional::stream)
              .toList();
      return new Names(
          name(sources, "bos_token", START),
          name(sources, "eos_token", END),
          name(sources, "pad_token", END),
          name(sources, "unk_token", END));
    }

    /** Each once. */
    Set<String> all() {
      return new LinkedHashSet<>(List.of(start, end, padding, unknown));
    }

    /** A token is written as a text or as an object that holds it. */
    private static String name(List<ObjectNode> sources, String key, String missing) {
      return sources.stream()
          .map(source -> source.path(key))
          .map(node -> node.isObject() ? node.path("content") : node)
          .filter(JsonNode::isString)
          .map(JsonNode::stringValue)
          .findFirst()
          .orElse(missing);
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

  private static long id(String token, String key, ObjectNode definition, Path source) {
    return definition
        .path("added_tokens")
        .valueStream()
        .filter(added -> added.path("content").asString("").equals(token))
        .map(added -> added.path("id"))
        .findFirst()
        .or(() -> definition.path("model").path("vocab").optional(token))
        .filter(JsonNode::isIntegralNumber)
        .map(JsonNode::longValue)
        .orElseThrow(
            () -> new EngineException("tokenizer file " + source + " lacks " + key + " " + token));
  }
}
