package dev.fresco.engine.parity;

import ai.djl.ndarray.NDManager;
import dev.fresco.engine.vae.Autoencoder;
import dev.fresco.engine.vae.Autoencoder.Encoding;
import java.util.List;

/** {@code FAMILY.vae}: a picture to latents, latents to a picture. */
public final class AutoencoderParity implements ParityCheck {
  @Override
  public boolean reads(GoldenFile golden) {
    return golden.part().equals("vae");
  }

  @Override
  public List<ParityRow> run(GoldenFile golden, ParitySettings settings) {
    try (GoldenTensors tensors = new GoldenTensors(golden, settings.networkLimit());
        Autoencoder autoencoder =
            Autoencoder.load(golden.component("vae"), settings.kernels(), settings.computeType());
        NDManager scope = settings.kernels().manager().newSubManager()) {
      Encoding encoding = autoencoder.encode(scope, tensors.input(scope, "image"));
      tensors.compare(encoding.logVariance().isPresent() ? "mean" : "latents", encoding.mean());
      encoding.logVariance().ifPresent(value -> tensors.compare("logvar", value));
      tensors.compare("decoded", autoencoder.decode(scope, tensors.input(scope, "latent")));
      return tensors.rows();
    }
  }
}
