package dev.fresco.trainer.link;

import dev.fresco.engine.HostTensor;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * A message as bytes.
 *
 * <p>A frame, big-endian: int, the length of the body; the body; int, its CRC-32. The body: byte,
 * the kind (0 activation, 1 gradient); long, the iteration; int, the microbatch; int, the piece;
 * byte, the number of dimensions; long, each size; float, each value. What is written is what is
 * read, whatever the floats' bits.
 *
 * <p>A reader takes no frame that is longer than its limit, and none whose parts contradict each
 * other; a body is only allocated once its length is known to be within the limit.
 */
final class FrameCodec {
  private static final int KEY_BYTES = 1 + Long.BYTES + 2 * Integer.BYTES;
  private static final int AROUND_BODY = 2 * Integer.BYTES;
  private static final int MOST_DIMENSIONS = 8;

  /** Of a frame with a scalar. */
  static final int LEAST_BYTES = AROUND_BODY + KEY_BYTES + 1 + Float.BYTES;

  private final int mostBytes;

  /**
   * @param mostBytes of a frame
   */
  FrameCodec(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * The frame of a message.
   *
   * @throws LinkException if it is larger than frames may be or has too many dimensions
   */
  byte[] encode(Message message) {
    long[] shape = message.tensor().shape();
    float[] values = message.tensor().data();
    if (shape.length > MOST_DIMENSIONS) {
      throw new LinkException(
          "%s has %d dimensions; the most are %d"
              .formatted(message.key(), shape.length, MOST_DIMENSIONS));
    }
    long body =
        KEY_BYTES + 1 + (long) Long.BYTES * shape.length + (long) Float.BYTES * values.length;
    if (AROUND_BODY + body > mostBytes) {
      throw new LinkException(
          "%s takes %d bytes; the most are %d (mostFrameBytes)"
              .formatted(message.key(), AROUND_BODY + body, mostBytes));
    }
    ByteBuffer frame = ByteBuffer.allocate(AROUND_BODY + (int) body);
    frame.putInt((int) body);
    putKey(frame, message.key());
    frame.put((byte) shape.length);
    for (long size : shape) {
      frame.putLong(size);
    }
    frame.asFloatBuffer().put(values);
    frame.putInt(frame.limit() - Integer.BYTES, checksum(frame.array(), Integer.BYTES, (int) body));
    return frame.array();
  }

  private static void putKey(ByteBuffer frame, MessageKey key) {
    frame.put((byte) key.kind().ordinal());
    frame.putLong(key.iteration());
    frame.putInt(key.microbatch());
    frame.putInt(key.piece());
  }

  /**
   * Waits for a frame.
   *
   * @throws java.io.EOFException if the connection ends before the frame does
   * @throws FrameException if what comes is no frame
   */
  Message read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < LEAST_BYTES - AROUND_BODY - Float.BYTES || length > mostBytes - AROUND_BODY) {
      throw new FrameException(
          "a frame's body of %d bytes; %d to %d can be"
              .formatted(length, LEAST_BYTES - AROUND_BODY - Float.BYTES, mostBytes - AROUND_BODY));
    }
    byte[] body = new byte[length];
    in.readFully(body);
    int sum = in.readInt();
    int computed = checksum(body, 0, length);
    if (sum != computed) {
      throw new FrameException(
          "a frame's checksum is %08x, of its body %08x".formatted(sum, computed));
    }
    return decode(ByteBuffer.wrap(body));
  }

  private static Message decode(ByteBuffer body) throws FrameException {
    MessageKey key = key(body);
    long[] shape = shape(body);
    long values = places(shape);
    if (values != body.remaining() / (double) Float.BYTES) {
      throw new FrameException(
          "shape %s has %d places; %d bytes came"
              .formatted(Arrays.toString(shape), values, body.remaining()));
    }
    float[] data = new float[(int) values];
    body.asFloatBuffer().get(data);
    return new Message(key, HostTensor.of(data, shape));
  }

  private static MessageKey key(ByteBuffer body) throws FrameException {
    int kind = body.get();
    if (kind < 0 || kind >= MessageKind.values().length) {
      throw new FrameException("kind " + kind + " is unknown");
    }
    try {
      return new MessageKey(
          MessageKind.values()[kind], body.getLong(), body.getInt(), body.getInt());
    } catch (IllegalArgumentException e) {
      throw new FrameException(e.getMessage());
    }
  }

  private static long[] shape(ByteBuffer body) throws FrameException {
    int dimensions = body.get();
    if (dimensions < 0
        || dimensions > MOST_DIMENSIONS
        || dimensions * Long.BYTES > body.remaining()) {
      throw new FrameException(
          "%d dimensions in a frame with %d bytes left; the most are %d"
              .formatted(dimensions, body.remaining(), MOST_DIMENSIONS));
    }
    long[] shape = new long[dimensions];
    for (int i = 0; i < dimensions; i++) {
      shape[i] = body.getLong();
    }
    return shape;
  }

  private static long places(long[] shape) throws FrameException {
    long places = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new FrameException("shape " + Arrays.toString(shape) + " has a negative size");
      }
      try {
        places = Math.multiplyExact(places, size);
      } catch (ArithmeticException e) {
        throw new FrameException("shape " + Arrays.toString(shape) + " has too many places");
      }
    }
    return places;
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, from, length);
    return (int) checksum.getValue();
  }
}
