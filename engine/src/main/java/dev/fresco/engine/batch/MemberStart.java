package dev.fresco.engine.batch;

import dev.fresco.engine.EngineException;
import dev.fresco.engine.HostTensor;
import dev.fresco.engine.PictureRequest;
import dev.fresco.engine.StartLatents;
import dev.fresco.engine.noise.TorchNoise;
import dev.fresco.engine.sampler.SamplerSchedule;
import java.util.Arrays;

/**
 * Where a picture begins.
 *
 * @param sample {@code [channels, height, width]} before the first step
 * @param noise the stream that the sampler's draws go on from
 * @param kept what is blended in after every step; null if nothing is
 */
record MemberStart(HostTensor sample, TorchNoise noise, Kept kept) {

  /**
   * A picture of which a part stays.
   *
   * @param picture {@code [channels, height, width]}
   * @param noise likewise, of its part of the latents
   * @param mask {@code [height, width]}, 0 where the picture stays
   */
  record Kept(HostTensor picture, HostTensor noise, HostTensor mask) {}

  /**
   * From the request's seed. One stream gives everything, in the order of diffusers' pipelines: a
   * picture to start from is drawn first, then its noise.
   *
   * @param shape of the latents
   * @throws EngineException if the picture to start from has another shape
   */
  static MemberStart of(SamplerSchedule schedule, PictureRequest request, long... shape) {
    TorchNoise noise = new TorchNoise(request.settings().seed());
    StartLatents start = request.start();
    if (start == null) {
      return new MemberStart(schedule.firstSample(noise.draw(shape)), noise, null);
    }
    if (!Arrays.equals(start.mean().shape(), shape)) {
      throw new EngineException(
          "the picture to start from has latents of %s; width and height ask for %s"
              .formatted(Arrays.toString(start.mean().shape()), Arrays.toString(shape)));
    }
    HostTensor picture = drawn(start, noise);
    HostTensor first = noise.draw(shape);
    HostTensor around =
        start.kept() == null ? first : new TorchNoise(start.kept().noiseSeed()).draw(shape);
    return of(schedule, start, picture, new Noises(first, around, noise));
  }

  /**
   * Noise of a picture that starts from another.
   *
   * @param first {@code [channels, height, width]} of the part that is painted
   * @param around likewise, of the part that stays
   * @param further that the sampler draws
   */
  private record Noises(HostTensor first, HostTensor around, TorchNoise further) {}

  private static MemberStart of(
      SamplerSchedule schedule, StartLatents start, HostTensor picture, Noises noises) {
    HostTensor sample = schedule.firstSample(picture, noises.first());
    if (start.kept() == null) {
      return new MemberStart(sample, noises.further(), null);
    }
    HostTensor mask = start.kept().mask();
    HostTensor around = schedule.firstSample(picture, noises.around());
    return new MemberStart(
        blended(sample, around, mask), noises.further(), new Kept(picture, noises.around(), mask));
  }

  private static HostTensor blended(HostTensor inside, HostTensor outside, HostTensor mask) {
    float[] values = new float[inside.data().length];
    int places = mask.data().length;
    for (int i = 0; i < values.length; i++) {
      float share = mask.data()[i % places];
      values[i] = share * inside.data()[i] + (1 - share) * outside.data()[i];
    }
    return new HostTensor(inside.shape(), values);
  }

  /** From a noise of the caller's; the sampler's draws are the first ones of the seed. */
  static MemberStart of(SamplerSchedule schedule, PictureRequest request, HostTensor noise) {
    TorchNoise further = new TorchNoise(request.settings().seed());
    StartLatents start = request.start();
    return start == null
        ? new MemberStart(schedule.firstSample(noise), further, null)
        : of(schedule, start, start.mean(), new Noises(noise, noise, further));
  }

  /** One of the pictures that the autoencoder holds possible. */
  private static HostTensor drawn(StartLatents start, TorchNoise noise) {
    if (start.deviation() == null) {
      return start.mean();
    }
    float[] values = noise.draw(start.mean().shape()).data();
    for (int i = 0; i < values.length; i++) {
      values[i] = start.mean().data()[i] + start.deviation().data()[i] * values[i];
    }
    return new HostTensor(start.mean().shape(), values);
  }
}
