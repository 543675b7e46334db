package dev.fresco.trainer.spec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fresco.contracts.Require;

/** What the model is trained on. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface DataSpec {
  /**
   * Bytes of a file, each a token.
   *
   * @param file its path, the same for all stages
   * @param rows sequences of a microbatch, at least 1
   * @param places tokens of a sequence, at least 1
   */
  record Text(String file, int rows, int places) implements DataSpec {
    public Text {
      Require.text("file", file);
      Require.atLeast("rows", rows, 1);
      Require.atLeast("places", places, 1);
    }
  }
}
