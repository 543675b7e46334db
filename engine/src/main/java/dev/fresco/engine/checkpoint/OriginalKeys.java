package dev.fresco.engine.checkpoint;

import java.util.List;

/**
 * From a key of an original checkpoint, without the part that says which network it belongs to, to
 * what diffusers or transformers call it.
 */
interface OriginalKeys {
  /**
   * @param key within the network
   * @param stored the tensor under that key
   * @param place of the tensor, for errors
   * @return one view, several where the tensor is split, none where the key is unknown
   */
  List<StoredView> views(String key, StoredTensor stored, String place);
}
