package dev.fresco.platform.web;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.platform.event.EventNotSentException;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.multipart.MultipartException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;

/** Turns every failed call into an RFC 9457 problem document with a stable code. */
@RestControllerAdvice
public class ProblemDocuments extends ResponseEntityExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(ProblemDocuments.class);
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** The document of a problem; for advices that turn other exceptions into one. */
  @ExceptionHandler
  public ResponseEntity<Object> problem(ProblemException e, WebRequest request) {
    HttpHeaders headers = new HttpHeaders();
    if (e.retryAfter() != null) {
      headers.set(HttpHeaders.RETRY_AFTER, String.valueOf(e.retryAfter().toSeconds()));
    }
    return document(e, e.status(), e.code(), e.getMessage(), e.errors(), headers, request);
  }

  /** Nobody is told that a call failed if nobody waits for it any more. */
  @ExceptionHandler
  ResponseEntity<Object> anythingElse(Exception e, WebRequest request) {
    if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
      log.debug("the caller went away: {}", request.getDescription(false), e);
      return null;
    }
    log.error("call failed: {}", request.getDescription(false), e);
    return document(
        e,
        HttpStatus.INTERNAL_SERVER_ERROR,
        ErrorCode.INTERNAL_ERROR,
        "the call failed here; the log says why",
        List.of(),
        new HttpHeaders(),
        request);
  }

  /** Kafka or Redis does not answer; what was asked may have happened, and may be asked again. */
  @ExceptionHandler({EventNotSentException.class, DataAccessException.class})
  ResponseEntity<Object> backendDown(Exception e, WebRequest request) {
    log.error("a backing service failed: {}", request.getDescription(false), e);
    return problem(
        ProblemException.unavailable(
            "a backing service does not answer; the call may be repeated", RETRY_AFTER),
        request);
  }

  @ExceptionHandler
  ResponseEntity<Object> brokenForm(MultipartException e, WebRequest request) {
    return problem(
        ProblemException.malformed(
            "the multipart body cannot be read: " + e.getMessage(), List.of()),
        request);
  }

  /** 422 for a word that is none of those known, 400 for what cannot be parsed at all. */
  @ExceptionHandler
  ResponseEntity<Object> wrongParameter(MethodArgumentTypeMismatchException e, WebRequest request) {
    FieldProblem problem =
        new FieldProblem(e.getName(), e.getValue(), expected(e.getRequiredType()), "is not valid");
    boolean isWord = e.getRequiredType() != null && e.getRequiredType().isEnum();
    return problem(
        isWord
            ? ProblemException.invalid(List.of(problem))
            : ProblemException.malformed(e.getName() + " is not valid", List.of(problem)),
        request);
  }

  @Override
  protected ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return problem(unreadable(e), request);
  }

  /**
   * What the body itself threw while it was read, a {@link BodyLimitFilter} for example, if
   * anything; 422 for JSON that is well-formed but names or types a field wrongly; else 400.
   */
  private static ProblemException unreadable(HttpMessageNotReadableException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof ProblemException problem) {
        return problem;
      }
    }
    return wrongJson(e);
  }

  private static ProblemException wrongJson(HttpMessageNotReadableException e) {
    Throwable cause = e.getCause();
    if (cause instanceof StreamReadException syntax) {
      return ProblemException.malformed(
          "the body is not JSON: "
              + syntax.getOriginalMessage()
              + " at "
              + syntax.getLocation().offsetDescription(),
          List.of());
    }
    if (cause instanceof UnrecognizedPropertyException unknown) {
      return ProblemException.invalid(
          List.of(
              new FieldProblem(
                  field(unknown), null, unknown.getKnownPropertyIds(), "is not a known field")));
    }
    if (cause instanceof InvalidFormatException format) {
      return ProblemException.invalid(
          List.of(
              new FieldProblem(
                  field(format),
                  String.valueOf(format.getValue()),
                  expected(format.getTargetType()),
                  "has a value of the wrong type")));
    }
    if (cause instanceof MismatchedInputException mismatch) {
      return ProblemException.invalid(
          List.of(
              new FieldProblem(
                  field(mismatch),
                  null,
                  expected(mismatch.getTargetType()),
                  "has a value of the wrong type")));
    }
    if (cause instanceof JacksonException json) {
      return ProblemException.malformed(
          "the body cannot be read: " + json.getOriginalMessage(), List.of());
    }
    return ProblemException.malformed("the body is missing or cannot be read", List.of());
  }

  /** What a type takes, in the words of the API. */
  private static Object expected(Class<?> type) {
    if (type == null) {
      return null;
    }
    if (type.isEnum()) {
      return List.of(type.getEnumConstants()).stream()
          .map(value -> JSON.valueToTree(value).asString())
          .toList();
    }
    if (type == byte[].class) {
      return "base64 text";
    }
    if (CharSequence.class.isAssignableFrom(type)) {
      return "text";
    }
    if (Number.class.isAssignableFrom(ClassUtils.resolvePrimitiveIfNecessary(type))) {
      return "number";
    }
    if (type.isRecord() || Map.class.isAssignableFrom(type)) {
      return "object";
    }
    return Collection.class.isAssignableFrom(type)
        ? "list"
        : type.getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static String field(DatabindException e) {
    String path =
        e.getPath().stream()
            .map(
                step ->
                    step.getPropertyName() == null
                        ? "[" + step.getIndex() + "]"
                        : step.getPropertyName())
            .collect(Collectors.joining("."));
    return path.isEmpty() ? "body" : path.replace(".[", "[");
  }

  @Override
  protected ResponseEntity<Object> handleExceptionInternal(
      Exception e, Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    String detail = body instanceof ProblemDetail problem ? problem.getDetail() : e.getMessage();
    HttpStatus known = HttpStatus.valueOf(status.value());
    return document(e, known, code(known), detail, List.of(), headers, request);
  }

  private ResponseEntity<Object> document(
      Exception e,
      HttpStatus status,
      ErrorCode code,
      String detail,
      List<FieldProblem> errors,
      HttpHeaders headers,
      WebRequest request) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
    problem.setType(URI.create("https://fresco.dev/errors/" + code.code().replace('_', '-')));
    problem.setTitle(title(code));
    problem.setProperty("code", code.code());
    if (!errors.isEmpty()) {
      problem.setProperty("errors", errors);
    }
    return super.handleExceptionInternal(e, problem, headers, status, request);
  }

  private static String title(ErrorCode code) {
    String words = code.code().replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static ErrorCode code(HttpStatus status) {
    return switch (status) {
      case NOT_FOUND -> ErrorCode.NOT_FOUND;
      case METHOD_NOT_ALLOWED -> ErrorCode.METHOD_NOT_ALLOWED;
      case NOT_ACCEPTABLE -> ErrorCode.NOT_ACCEPTABLE;
      case UNSUPPORTED_MEDIA_TYPE -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
      case CONTENT_TOO_LARGE -> ErrorCode.PAYLOAD_TOO_LARGE;
      case SERVICE_UNAVAILABLE -> ErrorCode.UNAVAILABLE;
      default -> status.is4xxClientError() ? ErrorCode.MALFORMED_REQUEST : ErrorCode.INTERNAL_ERROR;
    };
  }
}
