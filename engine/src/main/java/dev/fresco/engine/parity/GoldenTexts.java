package dev.fresco.engine.parity;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * The texts of a text encoder's golden file.
 *
 * @param prompts in the metadata
 * @param ids of each, padded to one length
 */
record GoldenTexts(List<String> prompts, List<int[]> ids) {

  /**
   * @throws EngineException if there are not as many rows of {@code input_ids} as prompts
   */
  static GoldenTexts of(GoldenFile golden, GoldenTensors tensors) {
    List<String> prompts =
        tensors.metadata("prompts").valueStream().map(JsonNode::asString).toList();
    List<int[]> ids = rows(tensors.values("input_ids"), (int) tensors.shape("input_ids")[1]);
    if (prompts.size() != ids.size()) {
      throw new EngineException(
          "%s: has %d prompts, but input_ids of %d"
              .formatted(golden.path(), prompts.size(), ids.size()));
    }
    return new GoldenTexts(prompts, ids);
  }

  /** Ids of each. */
  int length() {
    return ids.get(0).length;
  }

  /** Of the prompts, through a checkpoint's own tokenizer. */
  double shareOfWrongIds(Function<String, int[]> tokenizer) {
    int wrong = 0;
    for (int i = 0; i < prompts.size(); i++) {
      wrong += Arrays.equals(tokenizer.apply(prompts.get(i)), ids.get(i)) ? 0 : 1;
    }
    return wrong / (double) prompts.size();
  }

  /** Results of several texts as one array. */
  static float[] joined(List<HostTensor> results) {
    FloatBuffer all =
        FloatBuffer.allocate(results.stream().mapToInt(each -> each.data().length).sum());
    results.forEach(each -> all.put(each.data()));
    return all.array();
  }

  private static List<int[]> rows(float[] ids, int length) {
    List<int[]> rows = new ArrayList<>();
    for (int start = 0; start < ids.length; start += length) {
      int[] row = new int[length];
      for (int i = 0; i < length; i++) {
        row[i] = (int) ids[start + i];
      }
      rows.add(row);
    }
    return rows;
  }
}
