package dev.fresco.engine.text;

/**
 * Which states to read from a CLIP text encoder.
 *
 * @param layersLeftOut at the encoder's end, 0 to all
 * @param normed whether the encoder's final norm goes over them
 * @param pooled whether the pooled state is wanted too; it is always of the last layer
 */
public record ClipReading(int layersLeftOut, boolean normed, boolean pooled) {
  /** All that the model itself returns. */
  public static final ClipReading WHOLE = new ClipReading(0, true, true);
}
