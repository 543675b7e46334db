package dev.fresco.contracts.job;

import dev.fresco.contracts.Require;
import dev.fresco.contracts.StoredObject;

/**
 * A ControlNet in a request.
 *
 * @param image what it is shown, of the job's width and height
 * @param scale of its residuals
 * @param from share of the steps before its first, 0 to below {@code to}
 * @param to share of the steps up to its last, at most 1
 * @param file in safetensors
 * @param config its config.json
 */
public record ControlNetUse(
    String id,
    JobImage image,
    double scale,
    double from,
    double to,
    StoredObject file,
    StoredObject config) {
  public ControlNetUse {
    Require.text("id", id);
    Require.present("image", image);
    Require.finite("scale", scale);
    if (!(from >= 0 && from < to && to <= 1)) {
      throw new IllegalArgumentException(
          "from is %s and to is %s; both must be in 0..1, the first below the second"
              .formatted(from, to));
    }
    Require.present("file", file);
    Require.present("config", config);
  }
}
