package dev.fresco.engine.finetune;

import dev.fresco.engine.Picture;

/**
 * A picture and what it shows.
 *
 * @param name of its file, for messages
 * @param caption not blank
 */
public record CaptionedPicture(String name, Picture picture, String caption) {
  public CaptionedPicture {
    if (caption.isBlank()) {
      throw new IllegalArgumentException("picture " + name + " has a blank caption");
    }
  }
}
