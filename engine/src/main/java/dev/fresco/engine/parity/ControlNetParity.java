package dev.fresco.engine.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.fresco.engine.checkpoint.ComponentFolder;
import dev.fresco.engine.kernel.AdapterTerms;
import dev.fresco.engine.kernel.Maps;
import dev.fresco.engine.unet.ControlNetModel;
import dev.fresco.engine.unet.ControlResiduals;
import dev.fresco.engine.unet.UNet;
import dev.fresco.engine.unet.UNetInput;
import java.util.List;
import java.util.Optional;

/**
 * {@code FAMILY.controlnet}, for the network in {@code FAMILY-controlnet}: the residuals at the
 * scale in the metadata, and what the family's UNet predicts with them.
 */
public final class ControlNetParity implements ParityCheck {
  @Override
  public boolean reads(GoldenFile golden) {
    return golden.part().equals("controlnet");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    ComponentFolder folder =
        new ComponentFolder(golden.folder().resolve(golden.family() + "-controlnet"));
    try (GoldenTensors tensors = new GoldenTensors(golden, settings.networkLimit());
        UNet unet =
            UNet.load(golden.component("unet"), settings.kernels(), settings.computeType());
        ControlNetModel net =
            ControlNetModel.load(folder, settings.kernels(), settings.computeType());
        NDManager scope = settings.kernels().manager().newSubManager()) {
      double scale = tensors.metadata("conditioning_scale").asDouble();
      List<Maps> residuals = residuals(scope, tensors, net);
      for (int i = 0; i < residuals.size(); i++) {
        String name = i == residuals.size() - 1 ? "mid" : "down." + i;
        tensors.compare(name, residuals.get(i).group(0).mul(scale));
      }
      tensors.compare("out", predicted(scope, tensors, unet, residuals, scale));
      return tensors.rows();
    }
  }

  private static List<Maps> residuals(NDManager scope, GoldenTensors tensors, ControlNetModel net) {
    UNetInput input =
        new UNetInput(
            new Maps(tensors.input(scope, "sample")),
            tensors.input(scope, "timestep"),
            tensors.has("time_ids")
                ? Optional.of(
                    net.added(
                        scope,
                        tensors.input(scope, "time_ids"),
                        tensors.input(scope, "text_embeds")))
                : Optional.empty(),
            net.attend(List.of(tensors.input(scope, "encoder_hidden_states"))),
            List.of(),
            AdapterTerms.none());
    return net.forward(scope, input, List.of(net.embed(scope, tensors.input(scope, "cond"))));
  }

  private static NDArray predicted(
      NDManager scope, GoldenTensors tensors, UNet unet, List<Maps> residuals, double scale) {
    int rows = (int) tensors.shape("sample")[0];
    ControlResiduals.Rows places =
        new ControlResiduals.Rows(
            new long[] {0},
            List.of(scope.arange(rows).toType(DataType.INT64, false)),
            List.of(scope.full(new Shape(rows, 1, 1, 1), (float) scale)));
    UNetInput input =
        UNetParity.input(scope, tensors, unet, List.of(new ControlResiduals(residuals, places)));
    return unet.forward(scope, input).group(0);
  }
}
