package dev.fresco.trainer.spec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.fresco.contracts.Require;
import dev.fresco.engine.training.DiffusionTarget;

/** What the model is trained on. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface DataSpec {
  /**
   * Bytes of a file, each a token, for a language model.
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

  /**
   * Pictures as latents, for a diffusion transformer: a safetensors file with {@code latents},
   * {@code [pictures, channels, height, width]}, and, unless all have label 0, {@code labels},
   * {@code [pictures]}, as I64 or I32.
   *
   * @param file its path, the same for all stages
   * @param rows pictures of a microbatch, at least 1
   * @param target what the model says of pictures in noise
   */
  record Latents(String file, int rows, DiffusionTarget target) implements DataSpec {
    public Latents {
      Require.text("file", file);
      Require.atLeast("rows", rows, 1);
      Require.present("target", target);
    }
  }
}
