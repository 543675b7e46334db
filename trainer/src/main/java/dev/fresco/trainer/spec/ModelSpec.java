package dev.fresco.trainer.spec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fresco.contracts.Require;
import dev.fresco.engine.training.DiffusionTransformerShape;
import dev.fresco.engine.training.LanguageModelShape;
import dev.fresco.engine.training.ModelShape;

/** The model that is trained; its blocks are shared out over the pipeline's pieces. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface ModelSpec {
  ModelShape shape();

  record LanguageModel(LanguageModelShape shape) implements ModelSpec {
    public LanguageModel {
      Require.present("shape", shape);
    }
  }

  record DiffusionTransformer(DiffusionTransformerShape shape) implements ModelSpec {
    public DiffusionTransformer {
      Require.present("shape", shape);
    }
  }
}
