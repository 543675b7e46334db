package dev.fresco.platform.image;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.platform.web.FieldProblem;
import dev.fresco.platform.web.ProblemException;
import java.util.List;
import org.springframework.http.HttpStatus;

/** Why a file is not taken as an image. The message follows the name of the image. */
public final class RefusedImageException extends RuntimeException {
  private final Reason reason;
  private final transient Object value;
  private final transient Object limit;

  /** What a call is answered whose body is the image. */
  private enum Reason {
    TOO_LARGE(HttpStatus.CONTENT_TOO_LARGE, ErrorCode.PAYLOAD_TOO_LARGE),
    UNSUPPORTED(HttpStatus.UNSUPPORTED_MEDIA_TYPE, ErrorCode.UNSUPPORTED_MEDIA_TYPE),
    WRONG(HttpStatus.UNPROCESSABLE_CONTENT, ErrorCode.INVALID_REQUEST);

    private final HttpStatus status;
    private final ErrorCode code;

    Reason(HttpStatus status, ErrorCode code) {
      this.status = status;
      this.code = code;
    }
  }

  private RefusedImageException(Reason reason, Object value, Object limit, String message) {
    super(message);
    this.reason = reason;
    this.value = value;
    this.limit = limit;
  }

  static RefusedImageException tooLarge(long bytes, ImageLimits limits) {
    return new RefusedImageException(
        Reason.TOO_LARGE,
        bytes,
        limits.bytes(),
        "has %d bytes; the limit is %d (%s)".formatted(bytes, limits.bytes(), limits.bytesKnob()));
  }

  static RefusedImageException unsupported(List<String> supported) {
    return new RefusedImageException(
        Reason.UNSUPPORTED,
        null,
        supported,
        "is of no supported kind; supported are " + String.join(", ", supported));
  }

  static RefusedImageException wrong(Object value, Object limit, String message) {
    return new RefusedImageException(Reason.WRONG, value, limit, message);
  }

  /** What is wrong with the field that the image came in. */
  public FieldProblem in(String field) {
    return new FieldProblem(field, value, limit, getMessage());
  }

  /** For a call whose body is the image: 413, 415 or 422. */
  public ProblemException asProblem(String field) {
    return ProblemException.of(
        reason.status, reason.code, field + " " + getMessage(), List.of(in(field)));
  }
}
