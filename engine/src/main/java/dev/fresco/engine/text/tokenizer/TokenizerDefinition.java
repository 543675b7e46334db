package dev.fresco.engine.text.tokenizer;

import dev.fresco.engine.EngineException;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The content of a {@code tokenizer.json}, read or built from the older pair of files. The steps
 * are those that transformers' {@code CLIPTokenizer} takes: canonical Unicode, single spaces, lower
 * case; words, digits one by one and runs of other signs; bytes written as letters; merges, with
 * {@code </w>} at a word's end.
 */
final class TokenizerDefinition {
  private static final String VOCAB = "vocab.json";
  private static final String MERGES = "merges.txt";
  private static final String WORD_END = "</w>";
  private static final String WORDS =
      "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

  private TokenizerDefinition() {}

  /** {@code tokenizer.json} without its own cutting and padding. */
  static ObjectNode read(TokenizerFolder files) {
    ObjectNode definition = files.object("tokenizer.json");
    definition.putNull("truncation");
    definition.putNull("padding");
    return definition;
  }

  /** The same from {@code vocab.json} and {@code merges.txt}. */
  static ObjectNode build(TokenizerFolder files, SpecialTokens.Names names) {
    ObjectNode vocab = vocab(files);
    ObjectNode definition = new JsonMapper().createObjectNode();
    definition.put("version", "1.0");
    addSpecialTokens(definition.putArray("added_tokens"), names, vocab, files);
    addNormalizer(definition.putObject("normalizer"));
    addWordSplit(definition.putObject("pre_tokenizer"), names);
    ObjectNode model = definition.putObject("model");
    model.put("type", "BPE");
    model.put("unk_token", names.unknown());
    model.put("continuing_subword_prefix", "");
    model.put("end_of_word_suffix", WORD_END);
    model.set("vocab", vocab);
    addMerges(model.putArray("merges"), vocab, files);
    return definition;
  }

  private static ObjectNode vocab(TokenizerFolder files) {
    ObjectNode vocab = files.object(VOCAB);
    vocab
        .properties()
        .forEach(
            entry -> {
              JsonNode id = entry.getValue();
              if (!id.isIntegralNumber() || !id.canConvertToInt() || id.intValue() < 0) {
                throw new EngineException(
                    "tokenizer file "
                        + files.folder().resolve(VOCAB)
                        + ": the id of "
                        + entry.getKey()
                        + " is "
                        + id
                        + "; it must be a whole number from 0 on");
              }
            });
    return vocab;
  }

  private static void addSpecialTokens(
      ArrayNode added, SpecialTokens.Names names, ObjectNode vocab, TokenizerFolder files) {
    for (String token : names.all()) {
      ObjectNode entry = added.addObject();
      entry.set("id", known(token, vocab, "as a special token", files));
      entry.put("content", token);
      for (String rule : List.of("single_word", "lstrip", "rstrip", "normalized")) {
        entry.put(rule, false);
      }
      entry.put("special", true);
    }
  }

  private static void addNormalizer(ObjectNode normalizer) {
    normalizer.put("type", "Sequence");
    ArrayNode steps = normalizer.putArray("normalizers");
    steps.addObject().put("type", "NFC");
    ObjectNode spaces = steps.addObject();
    spaces.put("type", "Replace");
    spaces.putObject("pattern").put("Regex", "\\s+");
    spaces.put("content", " ");
    steps.addObject().put("type", "Lowercase");
  }

  private static void addWordSplit(ObjectNode splitter, SpecialTokens.Names names) {
    splitter.put("type", "Sequence");
    ArrayNode steps = splitter.putArray("pretokenizers");
    ObjectNode words = steps.addObject();
    words.put("type", "Split");
    words
        .putObject("pattern")
        .put("Regex", literal(names.start()) + "|" + literal(names.end()) + "|" + WORDS);
    words.put("behavior", "Removed");
    words.put("invert", true);
    ObjectNode bytes = steps.addObject();
    bytes.put("type", "ByteLevel");
    bytes.put("add_prefix_space", false);
    bytes.put("trim_offsets", true);
    bytes.put("use_regex", true);
  }

  private static void addMerges(ArrayNode merges, ObjectNode vocab, TokenizerFolder files) {
    Path file = files.folder().resolve(MERGES);
    int number = 0;
    for (String line : files.lines(MERGES)) {
      number++;
      if (line.isEmpty() || number == 1 && line.startsWith("#version")) {
        continue;
      }
      String[] pair = line.split(" ", -1);
      if (pair.length != 2 || pair[0].isEmpty() || pair[1].isEmpty()) {
        throw new EngineException(
            "tokenizer file " + file + ", line " + number + ": not two tokens: " + line);
      }
      String use = "by " + MERGES + ", line " + number;
      known(pair[0], vocab, use, files);
      known(pair[1], vocab, use, files);
      known(pair[0] + pair[1], vocab, use, files);
      merges.addArray().add(pair[0]).add(pair[1]);
    }
  }

  private static JsonNode known(String token, ObjectNode vocab, String use, TokenizerFolder files) {
    JsonNode id = vocab.get(token);
    if (id == null) {
      throw new EngineException(
          "tokenizer file "
              + files.folder().resolve(VOCAB)
              + " lacks "
              + token
              + ", needed "
              + use);
    }
    return id;
  }

  /** A regular expression for exactly this text. */
  private static String literal(String text) {
    return text.replaceAll("[^\\p{L}\\p{N}\\s<>]", "\\\\$0");
  }
}
