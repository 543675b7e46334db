package dev.fresco.contracts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Stable codes of problem documents and of failed jobs; callers may branch on them. */
public enum ErrorCode {
  /** The body or a parameter cannot be parsed: HTTP 400. */
  MALFORMED_REQUEST,
  /** Understood and wrong: HTTP 422. */
  INVALID_REQUEST,
  NOT_FOUND,
  METHOD_NOT_ALLOWED,
  NOT_ACCEPTABLE,
  UNSUPPORTED_MEDIA_TYPE,
  PAYLOAD_TOO_LARGE,
  /** The idempotency key was used before for another request: HTTP 409. */
  IDEMPOTENCY_KEY_REUSED,
  /** The thing exists already, or is in a state that forbids the call: HTTP 409. */
  CONFLICT,
  /** The result was there and has expired: HTTP 410. */
  GONE,
  /** No worker has announced a model yet, or a backing service does not answer: HTTP 503. */
  UNAVAILABLE,
  INTERNAL_ERROR,
  /** A job's run threw; its batch mates go on. */
  ENGINE_FAILURE,
  /** A picture of a job does not fit in the worker's memory, even alone. */
  OUT_OF_MEMORY,
  /** A job's numbers stopped being finite. */
  NOT_FINITE,
  /** A job's result could not be stored. */
  STORAGE_FAILURE,
  /** No worker serves the model that the job names. */
  MODEL_NOT_SERVED,
  /** An adapter that the job names was deleted before the job began, or its file is damaged. */
  ADAPTER_NOT_FOUND,
  /** An adapter does not fit the model. */
  ADAPTER_UNUSABLE,
  /** A picture that the job works from is no longer there, or is damaged. */
  INPUT_NOT_FOUND;

  @JsonValue
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
