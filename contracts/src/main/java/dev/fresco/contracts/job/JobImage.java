package dev.fresco.contracts.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.fresco.contracts.Require;
import dev.fresco.contracts.StoredObject;

/**
 * A picture that a job works from.
 *
 * @param contentType {@code image/png} or {@code image/jpeg}
 * @param width pixels
 * @param height pixels
 * @param template id of the template that it is, or null if it came with the request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobImage(
    StoredObject object, String contentType, int width, int height, String template) {
  public JobImage {
    Require.present("object", object);
    Require.text("contentType", contentType);
    Require.atLeast("width", width, 1);
    Require.atLeast("height", height, 1);
  }
}
