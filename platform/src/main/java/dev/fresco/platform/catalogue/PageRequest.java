package dev.fresco.platform.catalogue;

import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which part of a list a caller wants.
 *
 * @param limit items at most, 1 to {@value #MAX_LIMIT}
 * @param after the place in the list after which to go on, or null for its start
 */
public record PageRequest(int limit, String after) {
  public static final int DEFAULT_LIMIT = 20;
  public static final int MAX_LIMIT = 100;

  private static final Pattern PLACE = Pattern.compile("\\d{15}\\|[A-Za-z0-9_]{1,64}");

  /**
   * Reads the parameters of a call; each may be null.
   *
   * @throws ProblemException 422 if one is wrong
   */
  public static PageRequest of(String limit, String cursor) {
    return new PageRequest(
        limit == null ? DEFAULT_LIMIT : number(limit), cursor == null ? null : place(cursor));
  }

  private static int number(String limit) {
    int number = limit.matches("[0-9]{1,9}") ? Integer.parseInt(limit) : 0;
    if (number < 1 || number > MAX_LIMIT) {
      throw ProblemException.invalid(
          List.of(
              new FieldProblem(
                  "limit", limit, MAX_LIMIT, "must be a number from 1 to " + MAX_LIMIT)));
    }
    return number;
  }

  private static String place(String cursor) {
    try {
      String place = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.ISO_8859_1);
      if (PLACE.matcher(place).matches()) {
        return place;
      }
    } catch (IllegalArgumentException notBase64) {
      // Refused below, like any other text that no list gave out.
    }
    throw ProblemException.invalid(
        List.of(new FieldProblem("cursor", cursor, null, "is not a cursor that a list gave out")));
  }

  static String cursor(String place) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(place.getBytes(StandardCharsets.ISO_8859_1));
  }
}
