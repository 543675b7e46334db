package dev.fresco.contracts;

/** Checks that the records of this module make in their constructors; each names the offender. */
public final class Require {
  private Require() {}

  public static <T> T present(String field, T value) {
    if (value == null) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  public static String text(String field, String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(field + " is missing or blank");
    }
    return value;
  }

  public static int atLeast(String field, int value, int limit) {
    if (value < limit) {
      throw new IllegalArgumentException(field + " is " + value + "; the least is " + limit);
    }
    return value;
  }

  public static double finite(String field, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(field + " is " + value + "; it must be finite");
    }
    return value;
  }
}
