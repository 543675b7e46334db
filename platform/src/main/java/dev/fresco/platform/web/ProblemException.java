package dev.fresco.platform.web;

import dev.fresco.contracts.ErrorCode;
import java.time.Duration;
import java.util.List;
import org.springframework.http.HttpStatus;

/** A call that is answered with a problem document. */
public final class ProblemException extends RuntimeException {
  private final HttpStatus status;
  private final ErrorCode code;
  private final List<FieldProblem> errors;
  private final Duration retryAfter;

  private ProblemException(
      HttpStatus status,
      ErrorCode code,
      String detail,
      List<FieldProblem> errors,
      Duration retryAfter) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = List.copyOf(errors);
    this.retryAfter = retryAfter;
  }

  public static ProblemException of(HttpStatus status, ErrorCode code, String detail) {
    return new ProblemException(status, code, detail, List.of(), null);
  }

  /** 422: understood and wrong. The detail joins what each field says. */
  public static ProblemException invalid(List<FieldProblem> errors) {
    return invalid(
        String.join("; ", errors.stream().map(e -> e.field() + " " + e.message()).toList()),
        errors);
  }

  /** 422: understood and wrong. */
  public static ProblemException invalid(String detail, List<FieldProblem> errors) {
    return new ProblemException(
        HttpStatus.UNPROCESSABLE_CONTENT, ErrorCode.INVALID_REQUEST, detail, errors, null);
  }

  /** Another status, with what is wrong with each field. */
  public static ProblemException of(
      HttpStatus status, ErrorCode code, String detail, List<FieldProblem> errors) {
    return new ProblemException(status, code, detail, errors, null);
  }

  /** 400: cannot be parsed. */
  public static ProblemException malformed(String detail, List<FieldProblem> errors) {
    return new ProblemException(
        HttpStatus.BAD_REQUEST, ErrorCode.MALFORMED_REQUEST, detail, errors, null);
  }

  public static ProblemException notFound(String what, String id) {
    return of(HttpStatus.NOT_FOUND, ErrorCode.NOT_FOUND, "there is no " + what + " " + id);
  }

  /**
   * 413: larger than is taken.
   *
   * @param what for example {@code the file}
   * @param knob the property that sets the limit
   */
  public static ProblemException tooLarge(String what, long limitBytes, String knob) {
    return of(
        HttpStatus.CONTENT_TOO_LARGE,
        ErrorCode.PAYLOAD_TOO_LARGE,
        what + " is too large; the limit is " + limitBytes + " bytes (" + knob + ")");
  }

  /** 503: may work later. */
  public static ProblemException unavailable(String detail, Duration retryAfter) {
    return new ProblemException(
        HttpStatus.SERVICE_UNAVAILABLE, ErrorCode.UNAVAILABLE, detail, List.of(), retryAfter);
  }

  public HttpStatus status() {
    return status;
  }

  public ErrorCode code() {
    return code;
  }

  public List<FieldProblem> errors() {
    return errors;
  }

  /** How long to wait before trying again, or null. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
