package dev.fresco.platform.web;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What is wrong with one field of a request.
 *
 * @param value as it came, shortened; or null
 * @param limit what would have been right: a number, a list, a pattern; or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FieldProblem(String field, Object value, Object limit, String message) {
  private static final int LONGEST_VALUE = 100;

  public FieldProblem {
    if (value instanceof String text && text.length() > LONGEST_VALUE) {
      value = text.substring(0, LONGEST_VALUE) + "… (" + text.length() + " characters)";
    }
  }
}
