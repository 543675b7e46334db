package dev.fresco.gateway.admission;

import dev.fresco.contracts.StoredObject;
import dev.fresco.contracts.job.JobImage;
import dev.fresco.contracts.template.Template;
import dev.fresco.platform.image.ImageInspector;
import dev.fresco.platform.store.Sha256;

/**
 * A picture that a form names, looked at as far as its size.
 *
 * @param field where it stands in the form
 * @param bytes as they came with the request; null if it is a template
 * @param template null if it came with the request
 */
record SourceImage(
    String field, byte[] bytes, Template template, String contentType, int width, int height) {

  static SourceImage sent(String field, byte[] bytes, ImageInspector.Inspected inspected) {
    return new SourceImage(
        field,
        bytes,
        null,
        inspected.format().contentType(),
        inspected.width(),
        inspected.height());
  }

  static SourceImage of(String field, Template template) {
    return new SourceImage(
        field, null, template, template.contentType(), template.width(), template.height());
  }

  boolean wasSent() {
    return bytes != null;
  }

  /**
   * The picture as jobs name it.
   *
   * @param objectKey where it is to lie if it came with the request
   */
  JobImage asStored(String objectKey) {
    StoredObject object =
        wasSent()
            ? new StoredObject(objectKey, Sha256.of(bytes), bytes.length)
            : new StoredObject(template.objectKey(), template.sha256(), template.bytes());
    return new JobImage(object, contentType, width, height, wasSent() ? null : template.id());
  }
}
