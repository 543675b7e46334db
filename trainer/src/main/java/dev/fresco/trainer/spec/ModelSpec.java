package dev.fresco.trainer.spec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fresco.contracts.Require;
import dev.fresco.engine.training.LanguageModelShape;

/** The model that is trained. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface ModelSpec {
  /** Blocks, which the pipeline's pieces share out. */
  int layers();

  record LanguageModel(LanguageModelShape shape) implements ModelSpec {
    public LanguageModel {
      Require.present("shape", shape);
    }

    @Override
    public int layers() {
      return shape.layers();
    }
  }
}
