package dev.fresco.platform.recording;

/** A recording cannot be had, or cannot be kept, at present. Edits go on without it. */
public final class RecordingUnavailableException extends RuntimeException {
  private final boolean forLackOfRoom;

  public RecordingUnavailableException(String message) {
    this(message, false);
  }

  public RecordingUnavailableException(String message, Throwable cause) {
    super(message, cause);
    this.forLackOfRoom = false;
  }

  private RecordingUnavailableException(String message, boolean forLackOfRoom) {
    super(message);
    this.forLackOfRoom = forLackOfRoom;
  }

  static RecordingUnavailableException noRoom(String message) {
    return new RecordingUnavailableException(message, true);
  }

  /** Whether there is no room for it. */
  public boolean isForLackOfRoom() {
    return forLackOfRoom;
  }
}
