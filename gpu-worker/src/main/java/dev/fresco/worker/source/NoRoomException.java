package dev.fresco.worker.source;

/** Others use the room that something needs; when they let go of it, there may be enough. */
public final class NoRoomException extends SourceException {
  NoRoomException(SourceException reason) {
    super(reason.code(), reason.getMessage(), reason);
  }

  NoRoomException(SourceException reason, String message) {
    super(reason.code(), message, reason);
  }
}
