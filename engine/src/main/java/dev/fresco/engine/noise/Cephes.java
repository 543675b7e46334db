package dev.fresco.engine.noise;

/**
 * Logarithm, sine and cosine in single precision, rounded exactly as in torch's AVX2 code for
 * normal numbers. Both use the polynomials of the Cephes library (Moshier; {@code logf}, {@code
 * sinf}, {@code cosf}), whose last bits differ from {@link Math}'s, and fused multiply-adds.
 */
final class Cephes {
  private static final float ROOT_HALF = 0.70710678f;

  /** ln 2 in two parts; the first has few bits, so that its multiples are exact. */
  private static final float LN_2_HIGH = 0.693359375f;

  private static final float LN_2_LOW = -2.12194440e-4f;

  private static final float[] LOG = {
    7.0376836292e-2f,
    -1.1514610310e-1f,
    1.1676998740e-1f,
    -1.2420140846e-1f,
    1.4249322787e-1f,
    -1.6668057665e-1f,
    2.0000714765e-1f,
    -2.4999993993e-1f,
    3.3333331174e-1f
  };

  /** pi / 4 in three parts, likewise. */
  private static final float[] QUARTER_PI = {
    0.78515625f, 2.4187564849853515625e-4f, 3.77489497744594108e-8f
  };

  private static final float[] SINE = {-1.9515295891e-4f, 8.3321608736e-3f, -1.6666654611e-1f};
  private static final float[] COSINE = {
    2.443315711809948e-5f, -1.388731625493765e-3f, 4.166664568298827e-2f
  };

  private Cephes() {}

  /**
   * Natural logarithm.
   *
   * @param value above 0, finite and normal
   */
  static float log(float value) {
    int exponent = Math.getExponent(value) + 1;
    float mantissa = Math.scalb(value, -exponent);
    if (mantissa < ROOT_HALF) {
      exponent--;
      mantissa += mantissa;
    }
    float x = mantissa - 1;
    float square = x * x;
    float tail = polynomial(LOG, x) * x;
    tail = Math.fma(tail, square, exponent * LN_2_LOW);
    tail = Math.fma(square, -0.5f, tail);
    return Math.fma((float) exponent, LN_2_HIGH, x + tail);
  }

  /**
   * Sine.
   *
   * @param angle from 0 to a few turns, in radians
   */
  static float sin(float angle) {
    int octant = evenOctant(angle);
    float value = (octant & 2) == 0 ? sineNear(angle, octant) : cosineNear(angle, octant);
    return (octant & 4) == 0 ? value : -value;
  }

  /**
   * Cosine.
   *
   * @param angle from 0 to a few turns, in radians
   */
  static float cos(float angle) {
    int octant = evenOctant(angle);
    float value = (octant & 2) == 0 ? cosineNear(angle, octant) : sineNear(angle, octant);
    return (octant + 2 & 4) == 0 ? value : -value;
  }

  /** Twice the number of the quarter turn that is nearest. */
  private static int evenOctant(float angle) {
    return (int) (angle * 1.27323954473516f) + 1 & ~1;
  }

  private static float sineNear(float angle, int octant) {
    float x = reduced(angle, octant);
    float square = x * x;
    return Math.fma(polynomial(SINE, square) * square, x, x);
  }

  private static float cosineNear(float angle, int octant) {
    float x = reduced(angle, octant);
    float square = x * x;
    return Math.fma(polynomial(COSINE, square) * square, square, square * -0.5f) + 1;
  }

  /** The angle from the nearest quarter turn, at most pi / 4 either way. */
  private static float reduced(float angle, int octant) {
    float x = angle;
    for (float part : QUARTER_PI) {
      x = Math.fma((float) octant, -part, x);
    }
    return x;
  }

  private static float polynomial(float[] coefficients, float x) {
    float value = coefficients[0];
    for (int i = 1; i < coefficients.length; i++) {
      value = Math.fma(value, x, coefficients[i]);
    }
    return value;
  }
}
