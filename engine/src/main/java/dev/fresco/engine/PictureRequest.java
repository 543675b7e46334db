package dev.fresco.engine;

import java.util.List;

/**
 * One picture to paint.
 *
 * @param start to begin with; null to begin with noise
 * @param adapters in the order in which they are added up
 */
public record PictureRequest(
    PictureSettings settings,
    Conditioning conditioning,
    StartLatents start,
    List<AdapterUse> adapters,
    List<ControlUse> controls) {
  public PictureRequest {
    adapters = List.copyOf(adapters);
    controls = List.copyOf(controls);
  }

  /** From text alone. */
  public static PictureRequest of(PictureSettings settings, Conditioning conditioning) {
    return new PictureRequest(settings, conditioning, null, List.of(), List.of());
  }
}
