package dev.fresco.engine;

import dev.fresco.engine.recording.RecordingSink;
import java.util.List;

/**
 * One picture to paint.
 *
 * @param start to begin with; null to begin with noise
 * @param recorder takes what the steps leave behind, of a picture of which all stays; else null
 * @param adapters in the order in which they are added up
 */
public record PictureRequest(
    PictureSettings settings,
    Conditioning conditioning,
    StartLatents start,
    RecordingSink recorder,
    List<AdapterUse> adapters,
    List<ControlUse> controls) {
  public PictureRequest {
    adapters = List.copyOf(adapters);
    controls = List.copyOf(controls);
  }

  /** One that leaves nothing behind. */
  public PictureRequest(
      PictureSettings settings,
      Conditioning conditioning,
      StartLatents start,
      List<AdapterUse> adapters,
      List<ControlUse> controls) {
    this(settings, conditioning, start, null, adapters, controls);
  }

  /** From text alone. */
  public static PictureRequest of(PictureSettings settings, Conditioning conditioning) {
    return new PictureRequest(settings, conditioning, null, null, List.of(), List.of());
  }
}
