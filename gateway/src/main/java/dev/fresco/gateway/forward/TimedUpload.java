package dev.fresco.gateway.forward;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body on its way to a service; knows when the service last took a part of it. */
final class TimedUpload extends FilterInputStream {
  private volatile long lastTaken = System.nanoTime();

  TimedUpload(InputStream body) {
    super(body);
  }

  /** Nanoseconds since a part of the body was last taken, or since the call began. */
  long idleNanos() {
    return System.nanoTime() - lastTaken;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    lastTaken = System.nanoTime();
    return read;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int read = super.read(buffer, offset, length);
    lastTaken = System.nanoTime();
    return read;
  }
}
