package dev.fresco.trainer.spec;

import dev.fresco.contracts.Require;
import dev.fresco.engine.training.AdamW;

/**
 * How weights follow their gradients.
 *
 * @param gradientLimit of the norm of the batch's mean gradient, above 0; infinite for no clipping
 */
public record OptimiserSpec(AdamW adamW, double gradientLimit) {
  public OptimiserSpec {
    Require.present("adamW", adamW);
    if (!(gradientLimit > 0)) {
      throw new IllegalArgumentException(
          "gradientLimit is " + gradientLimit + "; it must be above 0");
    }
  }
}
