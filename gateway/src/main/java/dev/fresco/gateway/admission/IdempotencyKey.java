package dev.fresco.gateway.admission;

import java.util.List;
import java.util.regex.Pattern;

/** What may stand in the header {@code Idempotency-Key}. */
final class IdempotencyKey {
  private static final Pattern VISIBLE = Pattern.compile("[!-~]{1,255}");

  private IdempotencyKey() {}

  static String checked(String key) {
    if (!VISIBLE.matcher(key).matches()) {
      throw Fault.asProblem(
          List.of(
              Fault.against("Idempotency-Key", key, 255, "be 1 to 255 visible ASCII characters")));
    }
    return key;
  }
}
