package dev.fresco.platform.web;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a request's fields, so that one answer names all of it. */
public final class FieldChecks {
  private final List<FieldProblem> problems = new ArrayList<>();

  public FieldChecks add(FieldProblem problem) {
    problems.add(problem);
    return this;
  }

  /** A text for people: at most so many characters, none of them a control character. */
  public FieldChecks text(String field, String value, int longest) {
    if (value == null) {
      return this;
    }
    if (value.length() > longest) {
      return add(
          new FieldProblem(field, value, longest, "is longer than " + longest + " characters"));
    }
    if (value.isBlank()) {
      return add(new FieldProblem(field, value, null, "is blank"));
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      return add(new FieldProblem(field, value, null, "has a control character"));
    }
    return this;
  }

  public FieldChecks required(String field, Object value) {
    return value == null ? add(new FieldProblem(field, null, null, "is missing")) : this;
  }

  /**
   * A whole number within bounds; null passes.
   *
   * @param knob the property that sets the upper bound
   */
  public FieldChecks whole(String field, BigDecimal value, long least, long most, String knob) {
    if (value == null) {
      return this;
    }
    if (value.compareTo(BigDecimal.valueOf(least)) < 0) {
      return add(
          new FieldProblem(field, value, least, "is " + value + "; it must be at least " + least));
    }
    if (value.compareTo(BigDecimal.valueOf(most)) > 0) {
      return add(
          new FieldProblem(
              field, value, most, "is " + value + "; the limit is " + most + " (" + knob + ")"));
    }
    if (value.stripTrailingZeros().scale() > 0) {
      return add(new FieldProblem(field, value, null, "is " + value + "; it must be whole"));
    }
    return this;
  }

  /**
   * Ends the checks.
   *
   * @throws ProblemException if anything is wrong
   */
  public void done() {
    if (!problems.isEmpty()) {
      throw ProblemException.invalid(problems);
    }
  }
}
