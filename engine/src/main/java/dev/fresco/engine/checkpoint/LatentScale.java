package dev.fresco.engine.checkpoint;

/**
 * Between an autoencoder's latents and those that the denoising network sees: {@code network =
 * (autoencoder - shift) * factor}.
 */
public record LatentScale(double factor, double shift) {
  static LatentScale read(ConfigJson json, double factorByDefault) {
    double factor = json.decimal("scaling_factor", factorByDefault);
    if (!(factor > 0)) {
      throw json.refused("scaling_factor", factor, "numbers over 0");
    }
    return new LatentScale(factor, json.decimal("shift_factor", 0));
  }
}
