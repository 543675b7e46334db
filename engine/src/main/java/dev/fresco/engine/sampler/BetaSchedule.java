package dev.fresco.engine.sampler;

/**
 * How the variance of the noise that training adds per step grows. Values are rounded to fp32 where
 * the reference rounds, because early ones decide about 1 - alpha, which is tiny.
 */
enum BetaSchedule {
  /** Evenly spaced (DDPM, arXiv:2006.11239). */
  LINEAR {
    @Override
    float[] betas(double start, double end, int trainingSteps) {
      return evenlySpaced((float) start, (float) end, trainingSteps);
    }
  },

  /** Roots evenly spaced (latent diffusion). */
  SCALED_LINEAR {
    @Override
    float[] betas(double start, double end, int trainingSteps) {
      float[] roots = evenlySpaced((float) Math.sqrt(start), (float) Math.sqrt(end), trainingSteps);
      for (int i = 0; i < roots.length; i++) {
        roots[i] *= roots[i];
      }
      return roots;
    }
  },

  /** Squared cosine (arXiv:2102.09672, equation 17); start and end play no part. */
  SQUAREDCOS_CAP_V2 {
    @Override
    float[] betas(double start, double end, int trainingSteps) {
      float[] betas = new float[trainingSteps];
      for (int i = 0; i < trainingSteps; i++) {
        double kept =
            alphaBar((i + 1) / (double) trainingSteps) / alphaBar(i / (double) trainingSteps);
        betas[i] = (float) Math.min(1 - kept, 0.999);
      }
      return betas;
    }

    private double alphaBar(double time) {
      double cosine = Math.cos((time + 0.008) / 1.008 * Math.PI / 2);
      return cosine * cosine;
    }
  };

  /**
   * @param trainingSteps at least 2
   * @return one beta per training step
   */
  abstract float[] betas(double start, double end, int trainingSteps);

  /** From both ends to the middle in fp32, as {@code torch.linspace} goes. */
  private static float[] evenlySpaced(float start, float end, int count) {
    float step = (end - start) / (count - 1);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i < count / 2 ? start + step * i : end - step * (count - 1 - i);
    }
    return values;
  }
}
