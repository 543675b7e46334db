package dev.fresco.worker.job;

import dev.fresco.contracts.ErrorCode;
import dev.fresco.engine.NotFiniteException;
import dev.fresco.engine.OutOfMemoryException;
import dev.fresco.worker.source.SourceException;
import java.io.IOException;

/** What a failure is to the caller whose job it ends. */
public final class FailureCode {
  private FailureCode() {}

  public static ErrorCode of(Throwable failure) {
    if (failure instanceof SourceException source) {
      return source.code();
    }
    if (failure instanceof NotFiniteException) {
      return ErrorCode.NOT_FINITE;
    }
    if (failure instanceof OutOfMemoryException) {
      return ErrorCode.OUT_OF_MEMORY;
    }
    return failure instanceof IOException ? ErrorCode.STORAGE_FAILURE : ErrorCode.ENGINE_FAILURE;
  }
}
