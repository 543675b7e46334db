package dev.fresco.benchmarks.peer;

import dev.fresco.engine.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * A tensor as it goes to the peer.
 *
 * @param data little-endian fp32 in base64
 */
record PeerTensor(long[] shape, String data) {
  static PeerTensor of(HostTensor tensor) {
    float[] numbers = tensor.data();
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return new PeerTensor(tensor.shape(), Base64.getEncoder().encodeToString(bytes.array()));
  }
}
