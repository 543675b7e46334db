package dev.fresco.gateway.admission;

import dev.fresco.platform.image.RefusedImageException;
import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import java.util.List;

/**
 * One thing that is wrong with a request.
 *
 * @param detail a sentence for people, with the value, the limit and the setting behind it
 */
public record Fault(FieldProblem problem, String detail) {
  private static final int LONGEST_QUOTE = 60;

  /** The most faults in one answer, which would else be longer than the request. */
  private static final int MOST_FAULTS = 20;

  /** {@code steps is 10000; the limit is 150 (fresco.limits.max-steps)}. */
  static Fault aboveLimit(String field, Number value, Number limit, String source) {
    return new Fault(
        new FieldProblem(field, value, limit, "must be at most " + limit),
        field + " is " + value + "; the limit is " + limit + " (" + source + ")");
  }

  static Fault belowLeast(String field, Number value, Number least, String source) {
    return new Fault(
        new FieldProblem(field, value, least, "must be at least " + least),
        field + " is " + value + "; the least is " + least + source(source));
  }

  static Fault tooLong(String field, String value, int limit, String source) {
    return new Fault(
        new FieldProblem(field, value, limit, "must have at most " + limit + " characters"),
        field + " has " + length(value) + " characters; the limit is " + limit + source(source));
  }

  /** {@code labels are 20; the limit is 16 (fresco.limits.max-labels)}. */
  static Fault tooMany(String field, int count, int limit, String source) {
    return new Fault(
        new FieldProblem(field, count, limit, "must be at most " + limit),
        field + " are " + count + "; the limit is " + limit + " (" + source + ")");
  }

  static Fault refused(String field, RefusedImageException refused) {
    return new Fault(refused.in(field), field + " " + refused.getMessage());
  }

  static Fault notOneOf(String field, String value, List<String> known, String source) {
    return new Fault(
        new FieldProblem(field, value, known, "must be one of " + String.join(", ", known)),
        field + " is " + quote(value) + "; known are " + String.join(", ", known) + source(source));
  }

  static Fault wrongType(String field, String json, String type) {
    return new Fault(
        new FieldProblem(field, json, type, "must be " + type),
        field + " is " + shorten(json) + "; it must be " + type);
  }

  static Fault unknownField(String field, String json, List<String> known) {
    return new Fault(
        new FieldProblem(shorten(field), json, known, "is not a known field"),
        shorten(field) + " is not a known field");
  }

  /** Any other rule; {@code rule} follows "must". */
  static Fault against(String field, Object value, Object limit, String rule) {
    String shown = value instanceof String text ? quote(text) : String.valueOf(value);
    return new Fault(
        new FieldProblem(field, value, limit, "must " + rule),
        field + " is " + shown + "; it must " + rule);
  }

  static Fault missing(String field, Object limit, String rule) {
    return new Fault(
        new FieldProblem(field, null, limit, "must " + rule),
        field + " is missing or blank; it must " + rule);
  }

  /** Whether both are about one field, or one about what the other's field holds. */
  boolean isAbout(Fault other) {
    String one = problem.field();
    String another = other.problem.field();
    return one.equals(another) || holds(one, another) || holds(another, one);
  }

  private static boolean holds(String outer, String inner) {
    return inner.startsWith(outer + ".") || inner.startsWith(outer + "[");
  }

  /** The faults of a request in one answer; of very many the first. */
  public static ProblemException asProblem(List<Fault> faults) {
    List<Fault> said = faults.subList(0, Math.min(faults.size(), MOST_FAULTS));
    String details = String.join("; ", said.stream().map(Fault::detail).toList());
    int unsaid = faults.size() - said.size();
    return ProblemException.invalid(
        unsaid == 0 ? details : details + "; and " + unsaid + " more",
        said.stream().map(Fault::problem).toList());
  }

  /** In characters as people count them. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String quote(String text) {
    return '"' + shorten(text) + '"';
  }

  /** Never cuts a character in two: half of one cannot be sent. */
  static String shorten(String text) {
    return length(text) <= LONGEST_QUOTE
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_QUOTE)) + "…";
  }

  private static String source(String source) {
    return source == null ? "" : " (" + source + ")";
  }
}
