package dev.fresco.engine.checkpoint;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From a file's key to the name that the network uses, or to nothing where the key is not needed.
 */
@FunctionalInterface
public interface KeyNames {
  KeyNames AS_STORED = Optional::of;

  /**
   * CLIP text encoders: with or without the prefix {@code text_model.}; positions are a constant.
   */
  KeyNames TEXT_ENCODER =
      key -> {
        String name = key.startsWith("text_model.") ? key.substring("text_model.".length()) : key;
        return name.equals("embeddings.position_ids") ? Optional.empty() : Optional.of(name);
      };

  /** Autoencoders: older files name the parts of the middle's attention otherwise. */
  KeyNames AUTOENCODER =
      key -> {
        Matcher old = AutoencoderNames.OLD_ATTENTION.matcher(key);
        return Optional.of(
            old.matches()
                ? old.group(1) + AutoencoderNames.TODAY.get(old.group(2)) + old.group(3)
                : key);
      };

  Optional<String> name(String key);

  /** The tables of {@link #AUTOENCODER}. */
  final class AutoencoderNames {
    private static final Map<String, String> TODAY =
        Map.of("query", "to_q", "key", "to_k", "value", "to_v", "proj_attn", "to_out.0");
    private static final Pattern OLD_ATTENTION =
        Pattern.compile(
            "(.*\\.mid_block\\.attentions\\.\\d+\\.)(query|key|value|proj_attn)(\\..*)");

    private AutoencoderNames() {}
  }
}
