package dev.fresco.engine.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.unet.ControlResiduals;
import dev.fresco.engine.unet.UNet;
import dev.fresco.engine.unet.UNetInput;
import java.util.List;
import java.util.Optional;

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
      UNetInput input = input(scope, tensors, unet, List.of());
      Maps out =
          unet.forward(
              scope,
              input,
              (name, output) -> tensors.compareIfThere("layer." + name, output.mul(1)));
      tensors.compare("out", out.group(0));
      return tensors.rows();
    }
  }

  /** The inputs that a golden file holds, as one group. */
  static UNetInput input(
      NDManager scope, GoldenTensors tensors, UNet unet, List<ControlResiduals> residuals) {
    return input(scope, tensors, unet, residuals, AdapterTerms.none());
  }

  /** The same with adapters. */
  static UNetInput input(NDManager scope, GoldenTensors tensors, UNet unet, AdapterTerms terms) {
    return input(scope, tensors, unet, List.of(), terms);
  }

  private static UNetInput input(
      NDManager scope,
      GoldenTensors tensors,
      UNet unet,
      List<ControlResiduals> residuals,
      AdapterTerms terms) {
    List<NDArray> context = List.of(tensors.input(scope, "encoder_hidden_states"));
    return new UNetInput(
        new Maps(tensors.input(scope, "sample")),
        tensors.input(scope, "timestep"),
        tensors.has("time_ids")
            ? Optional.of(
                unet.added(
                    scope,
                    tensors.input(scope, "time_ids"),
                    tensors.input(scope, "text_embeds"),
                    new long[] {tensors.shape("sample")[0]},
                    terms))
            : Optional.empty(),
        unet.attend(context, terms),
        residuals,
        terms);
  }
}
