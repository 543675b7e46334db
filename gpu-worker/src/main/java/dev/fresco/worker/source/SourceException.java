package dev.fresco.worker.source;

import dev.fresco.contracts.ErrorCode;

/** What a job works from cannot be had, and so the job fails. */
public sealed class SourceException extends RuntimeException permits NoRoomException {
  private final ErrorCode code;

  public SourceException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public SourceException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public ErrorCode code() {
    return code;
  }
}
