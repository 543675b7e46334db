package dev.fresco.engine.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.unet.UNet;
import java.util.List;

/** {@code FAMILY.unet}: the prediction, and what each block returns. */
public final class UNetParity implements ParityCheck {
  @Override
  public boolean reads(GoldenFile golden) {
    return golden.part().equals("unet");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    try (GoldenTensors tensors = new GoldenTensors(golden, settings.networkLimit());
        UNet unet =
            UNet.load(golden.component("unet"), settings.kernels(), settings.computeType());
        NDManager scope = settings.kernels().manager().newSubManager()) {
      NDArray out =
          unet.forward(
              scope,
              tensors.input(scope, "sample"),
              tensors.input(scope, "timestep"),
              tensors.input(scope, "encoder_hidden_states"),
              (name, output) -> tensors.compareIfThere("layer." + name, output));
      tensors.compare("out", out);
      return tensors.rows();
    }
  }
}
