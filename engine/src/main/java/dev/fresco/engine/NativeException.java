package dev.fresco.engine;

/**
 * PyTorch failed, and not for want of memory. Once, a request may be at fault; request after
 * request, it is the device.
 */
public final class NativeException extends EngineException {
  public NativeException(String message, Throwable cause) {
    super(message, cause);
  }
}
