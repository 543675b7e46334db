package dev.fresco.engine.checkpoint;

import java.util.List;

/** A text encoder as transformers stores it, with or without the prefix {@code text_model.}. */
final class OriginalClipKeys implements OriginalKeys {
  private static final String PREFIX = "text_model.";

  @Override
  public List<StoredView> views(String key, StoredTensor stored, String place) {
    return List.of(StoredView.renamed(stored, key.startsWith(PREFIX) ? key : PREFIX + key));
  }
}
