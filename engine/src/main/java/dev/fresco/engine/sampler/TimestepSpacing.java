package dev.fresco.engine.sampler;

/**
 * Which training timesteps a few denoising steps visit (arXiv:2305.08891, table 2). The rounding is
 * half to even, as in the reference.
 */
enum TimestepSpacing {
  LINSPACE,
  LEADING,
  TRAILING;

  /**
   * {@code count} values from 0 to {@code last}, highest first, both ends included; not rounded.
   */
  static double[] linspace(int last, int count) {
    double step = count == 1 ? 0 : last / (double) (count - 1);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[count - 1 - i] = i == count - 1 && count > 1 ? last : i * step;
    }
    return values;
  }

  /** {@code count} multiples of a stride from 0 on, moved by an offset, highest first. */
  static double[] leading(int stride, int offset, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[count - 1 - i] = (double) i * stride + offset;
    }
    return values;
  }

  /**
   * {@code count} values down from {@code end - 1} in even strides. For some counts (61 of 1000 is
   * the first) the reference makes one step more, at timestep -1, because its stride is rounded;
   * here there are as many as asked for.
   */
  static double[] trailing(int end, double stride, int count) {
    // The stride as it comes out when the second value is rounded and the first taken away again.
    double rounded = (end - stride) - end;
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = Math.rint(end + i * rounded) - 1;
    }
    return values;
  }

  static double[] rounded(double[] values) {
    double[] rounded = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = Math.rint(values[i]);
    }
    return rounded;
  }
}
