package dev.fresco.gateway.api;

import dev.fresco.platform.event.EventNotSentException;
import dev.fresco.platform.web.ProblemDocuments;
import dev.fresco.platform.web.ProblemException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;

/** A call that fails because Kafka or Redis is away may be tried again. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class BackendProblems {
  private static final Logger log = LoggerFactory.getLogger(BackendProblems.class);
  private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

  private final ProblemDocuments documents;

  BackendProblems(ProblemDocuments documents) {
    this.documents = documents;
  }

  @ExceptionHandler
  ResponseEntity<Object> kafkaAway(EventNotSentException e, WebRequest request) {
    log.warn(
        "Kafka did not take a record: {}", NestedExceptionUtils.getMostSpecificCause(e).toString());
    return documents.problem(
        ProblemException.unavailable("Kafka does not answer; nothing was accepted", TRY_AGAIN),
        request);
  }

  @ExceptionHandler
  ResponseEntity<Object> redisAway(DataAccessException e, WebRequest request) {
    log.warn("Redis did not answer: {}", NestedExceptionUtils.getMostSpecificCause(e).toString());
    return documents.problem(
        ProblemException.unavailable("Redis does not answer", TRY_AGAIN), request);
  }
}
