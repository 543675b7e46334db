package dev.fresco.engine.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A text encoder as OpenCLIP stores it: query, key and value of an attention in one tensor, and the
 * projection of the pooled state with input channels as rows.
 */
final class OpenClipKeys implements OriginalKeys {
  private static final String PROJECTION = "text_projection";

  private static final Map<String, String> ENDS =
      Map.of(
          "positional_embedding", "text_model.embeddings.position_embedding.weight",
          "token_embedding.weight", "text_model.embeddings.token_embedding.weight",
          "ln_final.weight", "text_model.final_layer_norm.weight",
          "ln_final.bias", "text_model.final_layer_norm.bias");

  private static final Map<String, String> LAYER =
      Map.of(
          "ln_1", "layer_norm1",
          "ln_2", "layer_norm2",
          "attn.out_proj", "self_attn.out_proj",
          "mlp.c_fc", "mlp.fc1",
          "mlp.c_proj", "mlp.fc2");

  private static final Pattern IN_LAYER =
      Pattern.compile("transformer\\.resblocks\\.(\\d{1,3})\\.(.+)[._](weight|bias)");

  @Override
  public List<StoredView> views(String key, StoredTensor stored, String place) {
    if (key.equals(PROJECTION)) {
      return List.of(StoredView.transposed(stored, PROJECTION + ".weight", place));
    }
    String end = ENDS.get(key);
    if (end != null) {
      return List.of(StoredView.renamed(stored, end));
    }
    Matcher found = IN_LAYER.matcher(key);
    if (!found.matches()) {
      return List.of();
    }
    String layer = "text_model.encoder.layers." + found.group(1) + ".";
    String leaf = "." + found.group(3);
    if (found.group(2).equals("attn.in_proj")) {
      List<String> names =
          Stream.of("q", "k", "v")
              .map(part -> layer + "self_attn." + part + "_proj" + leaf)
              .toList();
      return StoredView.rows(stored, names, place);
    }
    String part = LAYER.get(found.group(2));
    return part == null ? List.of() : List.of(StoredView.renamed(stored, layer + part + leaf));
  }
}
