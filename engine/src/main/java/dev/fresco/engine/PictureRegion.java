package dev.fresco.engine;

/**
 * A part of a picture and where it belongs.
 *
 * @param place of the pixels in the whole picture
 * @param picture of the place's size
 */
public record PictureRegion(Region place, Picture picture) {
  public PictureRegion {
    if (place.height() != picture.height() || place.width() != picture.width()) {
      throw new EngineException(
          "%s is no place for %d x %d pixels".formatted(place, picture.width(), picture.height()));
    }
  }

  /**
   * A part of a whole picture.
   *
   * @param place of pixels within it
   */
  public static PictureRegion of(Picture whole, Region place) {
    if (!Region.whole(whole.height(), whole.width()).contains(place)) {
      throw new EngineException(
          "%s is not within %d x %d pixels".formatted(place, whole.width(), whole.height()));
    }
    byte[] rgb = new byte[place.height() * place.width() * 3];
    for (int row = 0; row < place.height(); row++) {
      System.arraycopy(
          whole.rgb(),
          ((place.top() + row) * whole.width() + place.left()) * 3,
          rgb,
          row * place.width() * 3,
          place.width() * 3);
    }
    return new PictureRegion(place, new Picture(place.width(), place.height(), rgb));
  }

  /** A whole picture with this part in its place. */
  public Picture on(Picture whole) {
    byte[] rgb = whole.rgb().clone();
    for (int row = 0; row < place.height(); row++) {
      System.arraycopy(
          picture.rgb(),
          row * place.width() * 3,
          rgb,
          ((place.top() + row) * whole.width() + place.left()) * 3,
          place.width() * 3);
    }
    return new Picture(whole.width(), whole.height(), rgb);
  }
}
