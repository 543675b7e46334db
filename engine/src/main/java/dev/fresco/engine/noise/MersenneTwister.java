package dev.fresco.engine.noise;

/**
 * The 32-bit generator mt19937 (Matsumoto and Nishimura, "Mersenne Twister", 1998), seeded as
 * torch's CPU generator is: with the low 32 bits of the seed.
 */
final class MersenneTwister {
  private static final int WORDS = 624;
  private static final int SHIFT = 397;
  private static final int TWIST = 0x9908b0df;

  private final int[] state = new int[WORDS];
  private int used = WORDS;

  MersenneTwister(long seed) {
    state[0] = (int) seed;
    for (int i = 1; i < WORDS; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
    }
  }

  /** 32 random bits. */
  int nextInt() {
    if (used == WORDS) {
      refill();
    }
    int bits = state[used++];
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return bits ^ (bits >>> 18);
  }

  /** Uniform in [0, 1) with the 24 bits that an fp32 mantissa holds. */
  float nextFloat() {
    return (nextInt() & 0xffffff) * 0x1p-24f;
  }

  /** Uniform in [0, 1) with the 53 bits that an fp64 mantissa holds; the first word is the high. */
  double nextDouble() {
    long high = nextInt();
    long low = nextInt() & 0xffffffffL;
    return ((high << 32 | low) & 0x1fffffffffffffL) * 0x1p-53;
  }

  private void refill() {
    for (int i = 0; i < WORDS; i++) {
      int bits = (state[i] & 0x80000000) | (state[(i + 1) % WORDS] & 0x7fffffff);
      state[i] = state[(i + SHIFT) % WORDS] ^ (bits >>> 1) ^ ((bits & 1) * TWIST);
    }
    used = 0;
  }
}
