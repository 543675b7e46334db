package dev.fresco.engine;

import java.util.Arrays;

/**
 * A dense fp32 array in Java memory, row-major. It crosses threads where native tensors must not:
 * native memory stays with the batch that owns it.
 *
 * @param shape sizes, outermost first
 * @param data as many values as the shape has places; not copied, so hand it over
 */
public record HostTensor(long[] shape, float[] data) {
  public HostTensor {
    long places = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (places != data.length) {
      throw new IllegalArgumentException(
          "shape "
              + Arrays.toString(shape)
              + " has "
              + places
              + " places; "
              + data.length
              + " values came");
    }
  }

  public static HostTensor of(float[] data, long... shape) {
    return new HostTensor(shape, data);
  }
}
