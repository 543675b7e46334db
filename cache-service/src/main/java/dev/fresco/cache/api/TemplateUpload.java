package dev.fresco.cache.api;

/**
 * A template as JSON.
 *
 * @param name for people, or null
 */
record TemplateUpload(String name, ImageSource image) {

  /**
   * @param base64 the file's bytes
   */
  record ImageSource(byte[] base64) {}
}
